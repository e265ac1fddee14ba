// Sets of labelled pictures by moving and by batch statistics: how far the moving averages lag behind.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "report/class_curves.h"
#include "viewer/epoch_curves.h"
#include "viewer/selection.h"

namespace shadenet {

class BothPanel {
  public:
    /// For each set that was scored in both ways the report's sentence and curves. Nothing for other runs.
    void draw(const PanelFrame& frame);

  private:
    /// A chart of the report, as plots take it.
    struct Lines {
        Chart chart;
        std::vector<Curve> values;
        ValueRange range;
    };
    struct Set {
        std::string pictures, lag;
        Lines loss, accuracy;
    };

    static Lines lines_of(Chart chart);
    void update(const std::vector<EpochRecord>& records);
    static void draw_lines(const PanelFrame& frame, const Lines& lines, const std::string& name);

    std::vector<Set> sets_;
    std::pair<std::uint64_t, std::uint64_t> seen_{};  ///< what the sets were made of
};

}  // namespace shadenet
