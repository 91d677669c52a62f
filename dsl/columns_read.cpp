#include "dsl/columns_read.hpp"

#include <set>

namespace kenzan::dsl {
namespace {

class Walk {
 public:
  explicit Walk(const Program& program) : program_(program), seen_(program.exprs.size()) {}

  void expr(ExprId id) {
    if (!id.valid() || seen_[id.index()]) return;
    seen_[id.index()] = true;
    const Expr& expr = program_[id];
    for (const ExprId kid : expr.kids) this->expr(kid);
    if (expr.access.valid()) access(program_[expr.access]);
    if (expr.aggregate.valid()) aggregate(program_[expr.aggregate]);
  }

  void aggregate(const Aggregate& aggregate) {
    expr(aggregate.element);
    expr(aggregate.where);
    bindings(aggregate.table, aggregate.rows);
    if (aggregate.across_label) expr(aggregate.across_label->value);
    if (aggregate.node) expr(aggregate.node->value);
  }

  [[nodiscard]] const std::set<std::pair<TableId, std::uint32_t>>& columns() const { return columns_; }

 private:
  void access(const Access& access) {
    columns_.emplace(access.table, access.column);
    bindings(access.table, access.rows);
    if (access.across) expr(access.across->value);
  }
  void bindings(TableId table, const std::vector<Binding>& bindings) {
    for (const Binding& binding : bindings) {
      columns_.emplace(table, binding.column);
      expr(binding.value);
    }
  }

  const Program& program_;
  std::vector<bool> seen_;
  std::set<std::pair<TableId, std::uint32_t>> columns_;
};

}  // namespace

std::vector<std::pair<TableId, std::uint32_t>> columns_read(const Program& program, const Rule& rule) {
  Walk walk(program);
  walk.expr(rule.when);
  walk.expr(rule.require);
  for (const AggregateId children : rule.children) walk.aggregate(program[children]);
  return {walk.columns().begin(), walk.columns().end()};
}

}  // namespace kenzan::dsl
