#include "tests/support/random_program.hpp"

#include <initializer_list>

namespace kenzan::test {

namespace {

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 0x1234567) {}

  RandomProgram program(int rules) {
    RandomProgram made;
    made.tables = tables();
    made.files = {{"a.csv", a()}, {"b.csv", b()}, {"c.csv", c()}, {"t.csv", t()}};
    for (int i = 0; i < rules; ++i) made.rules.push_back(rule(i));
    return made;
  }

 private:
  std::uint64_t next() {  // xorshift*: the same everywhere, unlike the distributions of <random>
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545F4914F6CDD1Du;
  }
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  std::string pick(std::initializer_list<const char*> words) { return words.begin()[below(static_cast<int>(words.size()))]; }

  std::string mode() {
    return pick({"nearest", "half-up", "half-even", "truncated", "away", "floor", "ceiling", "exact", "half-up", "half-up"});
  }
  std::string tables() {
    const std::string optional = " optional";
    std::string out =
        "table a from \"a.csv\" {\n  k text  section text  parent text optional  v 億円 optional across period { P1 = \"v1\", P2 = "
        "\"v2\", P3 = \"v3\" }";
    if (chance(40)) out += " rounded " + mode();
    if (chance(10)) out += " to " + pick({"1", "0.1", "2", "0.5"});
    out += "\n  w 百万円" + optional + "  n integer" + optional +
           "  name text  d date optional  f flag optional\n  key k\n  rounded " + mode() + "\n";
    if (chance(30)) out += "  where " + pick({"section != \"3\"", "w >= 2百万円", "f", "not (name = \"x\")"}) + "\n";
    hierarchy_ = below(3);
    if (hierarchy_ == 0) out += "  hierarchy k by parent parent\n";
    if (hierarchy_ == 1) out += "  hierarchy k { k1 = k2 + k3 - k4  k5 = others }\n";
    if (hierarchy_ == 2) out += "  hierarchy k { k1 = k2 + k9 when n > 1  k3 = k4 + k5 }\n";
    out +=
        "}\ntable b from \"b.csv\" {\n  section text\n  v 億円 optional across period { P1 = \"v1\", P2 = \"v2\", P3 = \"v3\" }\n  "
        "share % optional rounded " +
        mode() + "\n  key section  rounded " + mode() + "\n}\n";
    out += "table c from \"c.csv\" { section text  year integer  x 億円 optional  key section, year  rounded " + mode() + " }\n";
    out += "table t from \"t.csv\" { total 億円 optional across period { P1 = \"v1\", P2 = \"v2\", P3 = \"v3\" }  rounded " +
           mode() + " }\n";
    return out;
  }

  std::string number(int decimals) {
    std::string out = chance(12) ? "-" : "";
    out += std::to_string(below(chance(20) ? 100 : 6));
    if (chance(2)) out += std::string(static_cast<std::size_t>(below(22)), '7');
    if (decimals > 0 && chance(70)) {
      out += ".";
      const int digits = chance(85) ? 1 : 1 + below(decimals);
      for (int i = 0; i < digits; ++i) out += static_cast<char>('0' + below(10));
    }
    return out;
  }
  std::string figure(int decimals = 3) {
    if (chance(72)) return number(decimals);
    return pick({"—", "-", "…", "x", "", "n/a", "0", "0.0", "5", "2.5"});
  }
  std::string key(const char* prefix, int n) { return prefix + std::to_string(1 + below(n)); }

  std::string a() {
    std::string out = "k,section,parent,v1,v2,v3,w,n,name,d,f\n";
    const int rows = below(8);
    for (int i = 1; i <= rows; ++i) {
      const std::string k = chance(94) ? "k" + std::to_string(i) : key("k", 6);
      out += k + "," + std::to_string(1 + below(3)) + "," + (chance(60) ? key("k", i) : "") + "," + figure() + "," + figure() +
             "," + figure() + "," + figure(1) + "," + (chance(85) ? std::to_string(below(5)) : pick({"", "…", "2000"})) + "," +
             pick({"x", "y", "Ｘ", "x ", "x y", "", "総務省", "総 務省"}) + "," +
             pick({"2024-03-31", "2024-04-01", "", "2023-01-01"}) + "," + pick({"true", "false", "○", "×", ""}) + "\n";
    }
    return out;
  }
  std::string b() {
    std::string out = "section,v1,v2,v3,share\n";
    for (int i = 1; i <= 3; ++i) {
      if (chance(85)) out += std::to_string(i) + "," + figure() + "," + figure() + "," + figure() + "," + figure(1) + "\n";
    }
    return out;
  }
  std::string c() {
    std::string out = "section,year,x\n";
    for (int i = 1; i <= 3; ++i) {
      for (int year = 2020; year <= 2023; ++year) {
        if (chance(75)) out += std::to_string(i) + "," + std::to_string(year) + "," + figure() + "\n";
      }
    }
    return out;
  }
  std::string t() { return "v1,v2,v3\n" + figure() + "," + figure() + "," + figure() + "\n"; }

  // Which dimensions the instances have.
  bool section_ = false, period_ = false, k_ = false, year_ = false;
  int hierarchy_ = 0;

  std::string label() { return pick({"P1", "P2", "P3"}); }
  std::string period_fix(bool row = false) {
    if (row && chance(40)) return "";
    return period_ && chance(70) ? "" : label();
  }
  static std::string bracket(std::string first, const std::string& second) {
    if (!first.empty() && !second.empty()) first += ", ";
    first += second;
    return first.empty() ? "" : "[" + first + "]";
  }

  std::string constant() {
    std::string digits = std::to_string(below(12));
    if (chance(50)) digits += "." + std::to_string(below(10));
    std::string out = chance(35) ? pick({"約", "about "}) : "";
    if (chance(8)) out += "▲";
    return out + digits + pick({"億円", "億円", "億円", "百万円", "千万円"});
  }
  std::string cell() {
    switch (below(5)) {
      case 0:
        if (k_) return "a.v" + bracket("", period_fix());
        return "a.v" + bracket("k: " + key("k", 6), period_fix());
      case 1: return "a.w" + (k_ ? std::string() : bracket("k: " + key("k", 6), ""));
      case 2:
        if (section_) return "b.v" + bracket("", period_fix());
        if (k_ && chance(50)) return "b.v" + bracket("section: a.section", period_fix());
        return "b.v" + bracket("section: " + std::to_string(1 + below(4)), period_fix());
      case 3:
        if (year_ && section_) return chance(25) ? "lag(c.x, year)" : chance(20) ? "c.x[year: year - 1]" : "c.x";
        if (year_) return "c.x[section: " + std::to_string(1 + below(3)) + "]";
        if (section_) return "c.x[year: " + std::to_string(2020 + below(4)) + "]";
        return "c.x[section: " + std::to_string(1 + below(3)) + ", year: " + std::to_string(2020 + below(4)) + "]";
      default: return "t.total" + bracket("", period_fix());
    }
  }
  std::string row_condition(char table, int depth) {
    if (depth > 0 && chance(25)) {
      return "(" + row_condition(table, depth - 1) + pick({" and ", " or ", " implies "}) + row_condition(table, depth - 1) + ")";
    }
    if (chance(10)) return "not (" + row_condition(table, 0) + ")";
    if (table == 'a') {
      switch (below(9)) {
        case 0: return "section = \"" + std::to_string(1 + below(3)) + "\"";
        case 1: return "w " + relation() + " " + constant();
        case 2: return "v[" + label() + "] " + relation() + " " + constant();
        case 3: return "name " + pick({"=", "!="}) + " " + pick({"\"x\"", "\"y\"", "\"\""});
        case 4: return "f";
        case 5: return "d " + relation() + " 2024-03-31";
        case 6: return "n in (1, 2, 3)";
        case 7: return "w is " + pick({"nil", "unknown", "suppressed", "number", "not nil"});
        default: return "contains(name, \"x\")";
      }
    }
    if (table == 'b') return pick({"share ", "b.share "}) + relation() + " " + std::to_string(below(6)) + "%";
    return pick({"x ", "c.x "}) + relation() + " " + constant();
  }
  std::string aggregate() {
    const std::string function = pick({"sum", "sum", "sum", "sum", "min", "max", "mean"});
    std::string inside;
    char table = 'a';
    switch (below(6)) {
      case 0: inside = "a.v" + bracket("", period_fix(true)); break;
      case 1: inside = "a.w"; break;
      case 2:
        inside = "b.v" + bracket("", period_fix(true));
        table = 'b';
        break;
      case 3:
        inside = "c.x";
        table = 'c';
        break;
      case 4: inside = "a.v[" + label() + "] - a.v[" + label() + "]"; break;
      default: inside = "a.v" + bracket("section: " + std::to_string(1 + below(3)), period_fix(true)); break;
    }
    if (chance(30)) inside += " where " + row_condition(table, 1);
    if (chance(15)) inside += " over section";
    if (table == 'a' && k_ && chance(10)) return "sum(a.v[" + label() + "] by parent as k)";
    if (hierarchy_ < 3 && k_ && chance(20)) {
      return chance(70) ? "children(a.v[" + label() + "])" : pick({"min", "max", "sum"}) + "(children(a.w))";
    }
    return function + "(" + inside + ")";
  }
  std::string count() {
    const std::string inside =
        pick({"a.v[P1]", "a.name", "a.w", "c.x", "b.v[P2]", "distinct a.section", "distinct a.name", "distinct a.n"});
    return "count(" + inside + (chance(30) && inside.find("a.") != std::string::npos ? " where " + row_condition('a', 0) : "") +
           ")";
  }

  std::string money(int depth) {
    if (depth <= 0) return chance(70) ? cell() : constant();
    switch (below(12)) {
      case 0:
      case 1: return "(" + money(depth - 1) + " + " + money(depth - 1) + ")";
      case 2:
      case 3: return "(" + money(depth - 1) + " - " + money(depth - 1) + ")";
      case 4: return money(depth - 1) + " * " + pick({"2", "0.5", "-1", "3", "0", "50%"});
      case 5: return "(" + money(depth - 1) + ") / " + pick({"2", "3", "10", "-4"});
      case 6: return "(" + cell() + " else " + money(depth - 1) + ")";
      case 7: return pick({"abs(", "-("}) + money(depth - 1) + ")";
      case 8:
        return "round(" + money(depth - 1) + ", " + pick({"1億円", "0.1億円", "5億円"}) + (chance(50) ? ", " + round_mode() : "") +
               ")";
      case 9: return ratio(0) + " * " + cell();
      default: return aggregate();
    }
  }
  std::string round_mode() { return pick({"nearest", "half-up", "half-even", "truncated", "away", "floor", "ceiling"}); }
  std::string ratio(int depth) {
    switch (below(5)) {
      case 0: return "b.share[section: " + std::to_string(1 + below(4)) + "]";
      case 1: return count() + " / " + count();
      case 2: {
        const std::string x = cell();
        return x + " / (" + x + " + " + money(0) + ")";
      }
      default: return "(" + money(depth) + ") / (" + money(depth) + ")";
    }
  }
  std::string relation() { return pick({"=", "=", "=", "!=", "<", "<=", ">", ">="}); }
  std::string text() {
    if (k_ && chance(60)) return pick({"a.name", "a.section", "nfkc(a.name)", "trim(a.name)", "lower(a.name)", "k"});
    if (section_ && chance(40)) return "section";
    return pick({"\"x\"", "\"総務省\"", "\"1\"", "a.name[k: k1]", "(a.name[k: k7] else \"y\")"});
  }

  std::string condition(int depth) {
    if (depth > 0 && chance(35)) {
      switch (below(5)) {
        case 0: return "(" + condition(depth - 1) + " and " + condition(depth - 1) + ")";
        case 1: return "(" + condition(depth - 1) + " or " + condition(depth - 1) + ")";
        case 2: return "(" + condition(depth - 1) + " implies " + condition(depth - 1) + ")";
        case 3: return "not (" + condition(depth - 1) + ")";
        default: return "(" + condition(depth - 1) + ")";
      }
    }
    switch (below(16)) {
      case 0: return ratio(1) + " " + relation() + " " + pick({"約7割", "50%", "1", "約33.3%", "0.2"});
      case 1: return count() + " " + relation() + " " + std::to_string(below(6));
      case 2: return text() + " " + pick({"=", "!=", "<", ">="}) + " " + text();
      case 3: return "same(" + text() + ", " + text() + ")";
      case 4: return pick({"contains(", "starts(", "ends("}) + text() + ", " + pick({"\"x\"", "\"\"", "\"省\""}) + ")";
      case 5: return cell() + " is " + pick({"missing", "nil", "unknown", "suppressed", "number", "not missing"});
      case 6: return money(0) + pick({" in (", " not in ("}) + constant() + ", " + constant() + ")";
      case 7: return "sorted(" + pick({"a.v[P1]", "a.w", "c.x", "a.n", "a.name"}) + ", " + pick({"ascending", "descending"}) + ")";
      case 8: return pick({"any(", "all("}) + row_condition_qualified() + ")";
      case 9: return "length(" + text() + ") " + relation() + " " + std::to_string(below(4));
      case 10: return text() + " matches /" + pick({"x", "^.$", "省", "[0-9]+"}) + "/";
      default: return money(2) + " " + relation() + " " + money(2);
    }
  }
  std::string row_condition_qualified() {
    switch (below(4)) {
      case 0: return "a.w " + relation() + " " + constant();
      case 1: return "a.v[" + label() + "] " + relation() + " " + constant();
      case 2: return "c.x " + relation() + " " + constant() + (chance(40) ? " where " + row_condition('c', 0) : "");
      default: return "a.f";
    }
  }

  std::string rule(int number) {
    section_ = period_ = k_ = year_ = false;
    std::string by;
    switch (below(8)) {
      case 0: break;
      case 1: by = "section", section_ = true; break;
      case 2: by = "section, period", section_ = period_ = true; break;
      case 3: by = "k", k_ = true; break;
      case 4: by = "k, period", k_ = period_ = true; break;
      case 5: by = "section, year", section_ = year_ = true; break;
      case 6: by = "k, section", k_ = section_ = true; break;
      default: by = "period", period_ = true; break;
    }
    std::string out = "rule r" + std::to_string(number) + (by.empty() ? "" : " by " + by) + " { vacuous allowed ";
    if (chance(25)) out += "when " + condition(1) + " ";
    out += "require " + pick({"", "", "", "", "exactly ", "surely "}) + condition(2) + " }\n";
    return out;
  }

  std::uint64_t state_;
};

}  // namespace

RandomProgram random_program(std::uint64_t seed, int rules) { return Generator(seed).program(rules); }

}  // namespace kenzan::test
