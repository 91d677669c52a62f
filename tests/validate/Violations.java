// Prints what the library violations-lib reads in a report, a line each: severity, file, line, rule, message.
//   java -cp violations-lib.jar tests/validate/Violations.java CODECLIMATE|CHECKSTYLE|SARIF|JUNIT REPORT
import java.nio.file.Path;
import se.bjurr.violations.lib.ViolationsApi;
import se.bjurr.violations.lib.model.Violation;
import se.bjurr.violations.lib.reports.Parser;

class Violations {
  public static void main(String[] arguments) {
    Path report = Path.of(arguments[1]).toAbsolutePath();
    for (Violation each :
        ViolationsApi.violationsApi()
            .withPattern(".*/" + report.getFileName() + "$")
            .inFolder(report.getParent().toString())
            .findAll(Parser.valueOf(arguments[0]))
            .violations()) {
      String text = each.getMessage().replace("\n", " ").replace("\t", " ");
      System.out.println(each.getSeverity() + "\t" + each.getFile() + "\t" + each.getStartLine() + "\t" + each.getRule() + "\t" + text);
    }
  }
}
