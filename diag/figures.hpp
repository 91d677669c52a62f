// Every figure of a run, as CSV.
#pragma once
#include "diag/render.hpp"

namespace kenzan {

/// Writes a record for each figure of the report's tables: where it stands, what is written there, its exact value and interval in
/// its unit, its state, and the instances that read it with their verdicts.
/// Cost: that of `TableView::cell` for each figure; nothing is held.
void render_figures(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options);

}  // namespace kenzan
