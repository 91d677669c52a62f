#include "tests/support/random_sums.hpp"

#include <initializer_list>

#include "tests/support/random.hpp"

namespace kenzan::test {
namespace {

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  RandomProgram program(int rules) {
    year_in_key_ = chance(30);
    tabs_ = chance(20);
    periods_ = 1 + random_.below(3);
    digits_ = random_.below(4);
    RandomProgram made;
    made.tables = tables();
    data(made.files);
    for (int i = 0; i < rules; ++i) made.rules.push_back(rule(i));
    return made;
  }

 private:
  bool chance(std::size_t percent) { return random_.below(100) < percent; }
  std::string pick(std::initializer_list<const char*> words) { return words.begin()[random_.below(words.size())]; }
  std::string numbered(const char* prefix, std::size_t n) { return prefix + std::to_string(1 + random_.below(n)); }

  // ---- tables

  std::string unit() { return pick({"百万円", "百万円", "百万円", "億円", "円", "money"}); }
  std::string mode() { return pick({"nearest", "half-up", "half-even", "truncated", "away", "floor", "ceiling", "exact"}); }
  std::string across() {
    std::string out = " across period {";
    for (std::size_t p = 1; p <= periods_; ++p) out += " P" + std::to_string(p) + " = \"v" + std::to_string(p) + "\"";
    return out + " }";
  }
  /// Behind a figure.
  std::string clauses() {
    std::string out = chance(50) ? " optional" : "";
    if (chance(25)) out += " rounded " + mode();
    if (chance(8)) out += " to " + pick({"1", "0.1", "100", "0.5"});
    if (chance(25)) out += pick({" >= 0円", " <= 5百万円", " > 1百万円", " < 1億円", " != 3百万円", " >= -3百万円"});
    return out;
  }
  std::string from(const char* name) { return std::string(" from \"") + name + (tabs_ ? ".tsv\" {" : ".csv\" {"); }

  std::string tables() {
    // What is in these units can be compared with what stands in cells with a unit of their own.
    const std::string of_items = unit(), of_sums = chance(60) ? of_items : unit();
    std::string out = "table items" + from("items") + "\n  g text" + (chance(30) ? " in groups.g" : "") + "\n  h text";
    if (chance(20)) out += pick({" in (\"h1\", \"h2\")", " matches /h[12]?/", " optional", " alias { \"計\" = \"h1\" }"});
    out +=
        "\n  year integer" + std::string(year_in_key_ ? "" : " optional") + "\n  item text\n  v " + of_items + across() + clauses();
    out += "\n  w " + unit() + clauses() + "\n  n integer" + clauses_of_count() + "\n  note text\n";
    out += "  key g, h, " + std::string(year_in_key_ ? "year, " : "") + "item\n  rounded " + mode() + "\n";
    if (chance(10)) out += "  where " + pick({"n != 2", "note != \"x\""}) + "\n";
    out += "}\ntable groups" + from("groups") + " g text  v " + of_sums + across() + " optional  w " + unit() +
           " optional  key g  rounded " + mode() + " }\n";
    out += "table halves" + from("halves") + " g text  h text  v " + of_sums + across() + " optional  key g, h  rounded " + mode() +
           " }\n";
    out += "table years" + from("years") + " year integer  w " + unit() + " optional  n integer optional  key year }\n";
    return out + "table totals" + from("totals") + " v " + of_sums + across() + " optional  rounded " + mode() + " }\n";
  }
  std::string clauses_of_count() { return chance(70) ? " optional" : chance(30) ? " >= 0" : ""; }

  // ---- files

  std::string decimal(std::int64_t amount) const {
    std::string digits = std::to_string(amount < 0 ? -amount : amount);
    if (digits.size() <= digits_) digits.insert(0, digits_ + 1 - digits.size(), '0');
    if (digits_ > 0) digits.insert(digits.size() - digits_, ".");
    return (amount < 0 ? "-" : "") + digits;
  }
  /// A cell with this amount, or with something else.
  std::string figure(std::int64_t amount, std::size_t odd) {
    if (!chance(odd)) return chance(10) ? "\"" + decimal(amount) + "\"" : decimal(amount);
    switch (random_.below(8)) {
      case 0: return pick({"—", "-", "…", "x", "", " ", "n/a", "0", "▲3", "△1.5", "１２"});
      case 1: return decimal(amount) + (chance(50) ? "0" : "55");
      case 2: return decimal(amount) + std::string(random_.below(25), '7');
      case 3: return pick({"3億円", "2千円", "\"1,234\"", "\"1,23\"", "約5", "\"1\n2\"", "1.", ".5", "007", "-0.0"});
      case 4: return "-" + decimal(amount);
      case 5: return "0." + std::string(random_.below(22), '0') + "1";
      case 6: return std::string(1 + random_.below(20), '9');
      default: return decimal(static_cast<std::int64_t>(random_.below(100)));
    }
  }
  std::string label(const std::string& text) {
    if (chance(94)) return text;
    switch (random_.below(6)) {
      case 0: return "\"" + text + "\"";
      case 1: return text + " ";
      case 2: return "";
      case 3: return "計";
      case 4: return text.starts_with('g') ? "ｇ" + text.substr(1) : text.starts_with('h') ? "Ｈ" + text.substr(1) : text;
      default: return "\"" + text + "\n\"";
    }
  }
  std::string note() {
    return chance(85)
               ? ""
               : pick({"x", "\"a\nb\"", "\"a,\"\"b\"\"\"", "5\" disk", "\"\r\n\"", "\xFF", "ｱ", "\"\n\n\n\"", "\"\"\"\n\"\"\""});
  }
  std::string header() const {
    std::string out;
    for (std::size_t p = 1; p <= periods_; ++p) out += ",v" + std::to_string(p);
    return out;
  }

  void data(std::map<std::string, std::string>& files) {
    const std::string end = chance(15) ? "\r\n" : "\n";
    const std::size_t odd = chance(40) ? 0 : random_.below(25), most = chance(10) ? 10'000'000'000'000'000 : 2000;
    const std::size_t rows = random_.below(chance(20) ? 60 : 14);
    std::vector<std::int64_t> of_group[3], of_half[3][2], total(periods_, 0);
    for (std::size_t g = 0; g < 3; ++g) {
      of_group[g].assign(periods_, 0);
      for (auto& half : of_half[g]) half.assign(periods_, 0);
    }
    std::string items = chance(10) ? "\xEF\xBB\xBF" : "";
    items += "g,h,year,item" + header() + ",w,n,note" + end;
    for (std::size_t i = 0; i < rows; ++i) {
      const std::size_t g = random_.below(3), h = random_.below(2);
      items += label("g" + std::to_string(g + 1)) + "," + label("h" + std::to_string(h + 1)) + "," +
               (chance(95) ? std::to_string(2020 + random_.below(3)) : pick({"", "x", "２０２１", "\"2,020\"", "2021.0"})) + "," +
               label("i" + std::to_string(chance(97) ? i : 0));
      for (std::size_t p = 0; p < periods_; ++p) {
        const auto amount = static_cast<std::int64_t>(random_.below(most));
        for (std::int64_t* sum : {&of_group[g][p], &of_half[g][h][p], &total[p]}) *sum += amount;
        items += "," + figure(amount, odd);
      }
      items += "," + figure(static_cast<std::int64_t>(random_.below(most)), odd) + "," +
               (chance(90) ? std::to_string(random_.below(5)) : pick({"", "…", "1.5", "-1", "２"})) + "," + note();
      if (chance(1)) items += ",more";
      items += chance(98) ? end : end + end;
    }
    if (chance(20) && items.ends_with(end)) items.resize(items.size() - end.size());
    files[name("items")] = std::move(items);

    std::string groups = "g" + header() + ",w" + end, halves = "g,h" + header() + end, totals = header().substr(1) + end;
    for (std::size_t g = 0; g < 3; ++g) {
      const std::string group = "g" + std::to_string(g + 1);
      if (chance(92)) groups += group + sums(of_group[g]) + "," + figure(static_cast<std::int64_t>(random_.below(most)), 5) + end;
      for (std::size_t h = 0; h < 2; ++h) {
        if (chance(90)) halves += group + ",h" + std::to_string(h + 1) + sums(of_half[g][h]) + end;
      }
    }
    files[name("groups")] = std::move(groups);
    files[name("halves")] = std::move(halves);
    files[name("totals")] = totals + sums(total).substr(1) + end;
    std::string years = "year,w,n" + end;
    for (int year = 2020; year < 2023; ++year) years += std::to_string(year) + "," + figure(200, 10) + ",3" + end;
    files[name("years")] = std::move(years);
    if (!tabs_) return;
    for (auto& [path, text] : files) {
      for (char& c : text) c = c == ',' ? '\t' : c;
    }
  }
  std::string name(const char* table) const { return std::string(table) + (tabs_ ? ".tsv" : ".csv"); }
  std::string sums(const std::vector<std::int64_t>& amounts) {
    std::string out;
    for (const std::int64_t amount : amounts) {
      out += "," + figure(amount + (chance(20) ? 1 - static_cast<std::int64_t>(random_.below(3)) : 0), 5);
    }
    return out;
  }

  // ---- rules; which dimensions their instances have

  bool g_ = false, h_ = false, year_ = false, item_ = false, period_ = false;

  std::string brackets(const std::vector<std::string>& fixed) {
    std::string out;
    for (const std::string& one : fixed) {
      if (!one.empty()) out += (out.empty() ? "[" : ", ") + one;
    }
    return out.empty() ? "" : out + "]";
  }
  std::string period() { return period_ && chance(80) ? "" : numbered("P", periods_); }
  std::string fixed(bool given, const char* dimension, std::size_t count) {
    return given && chance(90) ? "" : std::string(dimension) + ": \"" + numbered(dimension, count) + "\"";
  }

  std::string sum() {
    const std::string restricted = chance(20) ? fixed(false, pick({"g", "h"}).c_str(), 3) : "";
    std::string inside;
    switch (random_.below(10)) {
      case 0: inside = "items.w" + brackets({restricted}); break;
      case 1: inside = "halves.v" + brackets({restricted, period()}); break;
      case 2: inside = "groups.v" + brackets({period()}); break;
      case 3: inside = "groups.w"; break;
      default: inside = "items.v" + brackets({restricted, chance(15) ? "" : period()}); break;
    }
    if (chance(10)) inside += pick({" over g", " over h", " over period"});
    if (chance(2)) inside += " where " + pick({"v[P1] > 2百万円", "w is number", "h = \"h1\""});
    return (chance(98) ? "sum(" : pick({"min(", "max(", "mean("})) + inside + ")";
  }
  std::string cell() {
    switch (random_.below(item_ ? 8 : 5)) {
      case 0: return "groups.v" + brackets({fixed(g_, "g", 3), period()});
      case 1: return "groups.w" + brackets({fixed(g_, "g", 3)});
      case 2: return "halves.v" + brackets({fixed(g_, "g", 3), fixed(h_, "h", 2), period()});
      case 3:
        if (year_) return "years.w";
        return "years.w[year: " + std::to_string(2020 + random_.below(4)) + "]";
      case 4: return "totals.v" + brackets({period()});
      case 5: return "items.w";
      default: return "items.v" + brackets({period()});
    }
  }
  std::string constant() {
    return (chance(20) ? pick({"約", "about "}) : std::string()) + std::to_string(random_.below(12)) +
           (chance(40) ? "." + std::to_string(random_.below(10)) : "") + pick({"億円", "百万円", "百万円", "千円"});
  }
  std::string money(int depth) {
    if (depth <= 0) return chance(55) ? sum() : chance(75) ? cell() : constant();
    switch (random_.below(12)) {
      case 0:
      case 1: return "(" + money(depth - 1) + " + " + money(depth - 1) + ")";
      case 2: return "(" + money(depth - 1) + " - " + money(depth - 1) + ")";
      case 3: return money(depth - 1) + " * " + pick({"2", "0.5", "-1", "3", "0", "50%"});
      case 4: return "(" + money(depth - 1) + ") / " + pick({"2", "3", "10", "-4"});
      case 5: return "(" + cell() + " else " + money(depth - 1) + ")";
      case 6: return pick({"abs(", "-("}) + money(depth - 1) + ")";
      case 7: return "round(" + money(depth - 1) + ", " + pick({"1百万円", "0.1億円", "5円"}) + ")";
      default: return money(0);
    }
  }
  std::string relation() { return pick({"=", "=", "=", "=", "!=", "<", "<=", ">", ">="}); }
  std::string condition(int depth) {
    if (depth > 0 && chance(25)) {
      if (chance(20)) return "not (" + condition(depth - 1) + ")";
      return "(" + condition(depth - 1) + pick({" and ", " or ", " implies "}) + condition(depth - 1) + ")";
    }
    switch (random_.below(24)) {
      case 0: return "(" + money(1) + ") / (" + money(0) + ") " + relation() + " " + pick({"約7割", "50%", "1", "約33.3%"});
      case 1: return money(0) + pick({" in (", " not in ("}) + constant() + ", " + money(0) + ")";
      case 2:
        return pick({"groups.w", "years.w[year: 2020]"}) + " is " + pick({"missing", "nil", "unknown", "number", "not missing"});
      case 3: return "sum(items.n) " + relation() + " " + std::to_string(random_.below(20));
      case 4: return "sum(items.n" + brackets({fixed(false, "g", 3)}) + ") " + relation() + " " + (year_ ? "years.n" : "7");
      case 5: return chance(15) ? "count(items.w) " + relation() + " 3" : "sum(items.v[P1]) " + relation() + " sum(items.w)";
      case 6: return g_ ? "g " + pick({"=", "!="}) + " \"g1\"" : "sum(items.w) " + relation() + " " + constant();
      default: return money(depth) + " " + relation() + " " + money(1);
    }
  }

  /// The commonest rule: what is published is the sum of its parts.
  std::string published() {
    const std::string which = period_ ? "" : "[" + numbered("P", periods_) + "]";
    if (item_) return "items.v" + which + pick({" = ", " <= ", " >= "}) + (chance(50) ? constant() : "sum(items.v" + which + ")");
    const std::string whole = g_ && h_ ? "halves.v" : g_ ? "groups.v" : "totals.v";
    return whole + which + " = sum(" + (chance(70) || h_ ? "items.v" : "halves.v") + which + ")";
  }

  std::string rule(int number) {
    g_ = h_ = year_ = item_ = period_ = false;
    std::string by;
    const auto dimension = [&](bool& has, const char* dim) {
      has = true;
      by += (by.empty() ? " by " : ", ") + std::string(dim);
    };
    const std::size_t kind = random_.below(12);
    if (kind >= 2 && kind != 9) dimension(g_, "g");
    if ((kind >= 6 && kind <= 8) || kind == 11) dimension(h_, "h");
    if (kind == 11 && year_in_key_) dimension(year_, "year");
    if (kind == 11) dimension(item_, "item");
    if (kind == 9 || kind == 10) dimension(year_, "year");
    if (chance(40)) dimension(period_, "period");
    if (!by.empty() && (item_ || year_ ? chance(85) : chance(30))) by += " of items";
    std::string out = "rule r" + std::to_string(number) + by + " { vacuous allowed ";
    if (chance(10)) out += "severity warning  ";
    if (chance(10)) out += "message \"{left} {right} {gap}\" ";
    if (chance(20)) out += "when " + condition(0) + " ";
    out += "require " + pick({"", "", "", "exactly ", "surely "}) + (chance(40) ? published() : condition(2));
    return out + " }\n";
  }

  Random random_;
  bool year_in_key_ = false, tabs_ = false;
  std::size_t periods_ = 1, digits_ = 0;
};

}  // namespace

RandomProgram random_sums(std::uint64_t seed, int rules) { return Generator(seed).program(rules); }

}  // namespace kenzan::test
