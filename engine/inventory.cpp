#include "engine/inventory.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "diag/render.hpp"
#include "engine/explain/explain.hpp"

namespace kenzan::engine {
namespace {

/// What a finding, or an instance that is none, makes of the cells that it is about; `label`: nothing.
CellState state_of(const Finding& finding) {
  if (finding.verdict) {
    switch (*finding.verdict) {
      case Verdict::holds:
      case Verdict::unknown:
      case Verdict::vacuous: return CellState::label;
      case Verdict::rounding: return CellState::rounding;
      case Verdict::implausible:
      case Verdict::violated:
      case Verdict::unmatched: break;
    }
  }
  if (finding.waived) return CellState::waived;
  return finding.severity == Severity::error ? CellState::violated : CellState::warned;
}

struct Inventory {
  std::shared_ptr<const Data> data;
  CheckedFigures checked;
  std::vector<Reading> readings;  ///< by cell and instance; instances by their place in the report
  std::vector<CellState> states;  ///< of those
};

class View : public TableView {
 public:
  View(std::shared_ptr<const Inventory> inventory, dsl::TableId id) : inventory_(std::move(inventory)), id_(id) {
    const dsl::Table& declared = (*data().program)[id_];
    for (std::uint32_t c = 0; c < declared.columns.size(); ++c) {
      const dsl::Column& column = declared.columns[c];
      const ColumnData& parts = data()[id_].columns[c];
      for (std::uint32_t p = 0; p < parts.parts.size(); ++p) {
        TableColumn& out = columns_.emplace_back();
        out.field = column.spelling;
        if (p < parts.across_spellings.size()) out.across = data().texts.text(parts.across_spellings[p]);
        if (column.type == dsl::ColumnType::figure) out.unit = column.format.unit.name;
        out.figure = is_published_figure(declared, c);
        places_.emplace_back(c, p);
      }
    }
  }

  [[nodiscard]] std::string_view name() const override { return (*data().program)[id_].spelling; }
  [[nodiscard]] std::vector<std::string> files() const override {
    std::vector<std::string> out;
    for (const SourceId file : data()[id_].files) out.emplace_back(data().sources->path(file));
    return out;
  }
  [[nodiscard]] const std::vector<TableColumn>& columns() const override { return columns_; }
  [[nodiscard]] std::size_t rows() const override { return data()[id_].rows; }
  [[nodiscard]] bool kept(std::size_t row) const override { return data()[id_].kept[row]; }

  [[nodiscard]] CellView cell(std::size_t row, std::size_t column) const override {
    const auto [c, part] = places_[column];
    const CellRef ref{id_, c, part, static_cast<std::uint32_t>(row)};
    CellView out;
    out.evidence = evidence_of(data(), ref, "");
    locate(out.evidence, *data().sources);
    const dsl::Column& declared = (*data().program)[id_].columns[c];
    if (declared.is_figure()) {
      const FigureColumn& figures = data()[id_].columns[c].parts[part].figures;
      if (figures.known(ref.row)) out.value = exact_text(quotient(figures.written(ref.row), declared.format.unit.factor));
      if (columns_[column].figure) {
        out.state = figures.mark(ref.row) == Mark::blank ? CellState::blank
                    : inventory_->checked.checked(ref)   ? CellState::exact
                                                         : CellState::unchecked;
      }
    }
    const auto readings = std::ranges::equal_range(inventory_->readings, ref, {}, &Reading::cell);
    for (const Reading& reading : readings) {
      if (out.instances.empty() || out.instances.back() != reading.instance) out.instances.push_back(reading.instance);
      if (reading.required) out.state = std::max(out.state, inventory_->states[reading.instance]);
    }
    return out;
  }

 private:
  [[nodiscard]] const Data& data() const { return *inventory_->data; }

  std::shared_ptr<const Inventory> inventory_;
  dsl::TableId id_;
  std::vector<TableColumn> columns_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> places_;  ///< of `columns_`: column and part
};

/// The cell that evidence is about, if it is one.
std::optional<CellRef> cell_at(const Data& data, const TablePlace& place) {
  if (place.table == TablePlace::none) return std::nullopt;
  const dsl::TableId id(place.table);
  std::uint32_t part = place.column;
  for (std::uint32_t c = 0; c < data[id].columns.size(); ++c) {
    const auto parts = static_cast<std::uint32_t>(data[id].columns[c].parts.size());
    if (part < parts) return CellRef{id, c, part, place.row};
    part -= parts;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::unique_ptr<const TableView>> table_views(std::shared_ptr<const Data> data, const CheckedFigures& checked,
                                                          std::vector<Reading> readings, const Report& report) {
  auto inventory = std::make_shared<Inventory>(Inventory{std::move(data), checked, {}, {}});
  constexpr std::uint32_t cut_off = ~0u;
  std::vector<std::uint32_t> places;  // by Finding::number
  std::vector<Reading> built_in;
  const auto enter = [&](const Finding& finding) {
    const auto place = static_cast<std::uint32_t>(inventory->states.size());
    inventory->states.push_back(state_of(finding));
    if (finding.number > 0) {
      if (places.size() <= finding.number) places.resize(finding.number + std::size_t{1}, cut_off);
      places[finding.number] = place;
      return;
    }
    for (const CellEvidence& cell : finding.cells) {
      if (const auto ref = cell_at(*inventory->data, cell.place)) built_in.push_back({*ref, place, true});
    }
  };
  for (const Finding& finding : report.findings) enter(finding);
  for (const Finding& finding : report.unlisted) enter(finding);
  for (Reading& reading : readings) reading.instance = reading.instance < places.size() ? places[reading.instance] : cut_off;
  std::erase_if(readings, [](const Reading& reading) { return reading.instance == cut_off; });
  readings.insert(readings.end(), built_in.begin(), built_in.end());
  std::ranges::sort(readings, {}, [](const Reading& reading) { return std::pair(reading.cell, reading.instance); });
  inventory->readings = std::move(readings);

  std::vector<std::unique_ptr<const TableView>> out;
  for (std::uint32_t i = 0; i < inventory->data->tables.size(); ++i)
    out.push_back(std::make_unique<View>(inventory, dsl::TableId(i)));
  return out;
}

}  // namespace kenzan::engine
