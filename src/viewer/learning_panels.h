// The column that shows what the network has learned so far: curves, tables, filters.
#pragma once

#include <cstdint>
#include <optional>

#include "viewer/both_panel.h"
#include "viewer/layout.h"
#include "viewer/loss_panel.h"
#include "viewer/run_story.h"
#include "viewer/selection.h"
#include "viewer/statistics_panel.h"

namespace shadenet {

class LearningPanels {
  public:
    /// Draws into the current window. Returns the epoch that the user clicked or dragged to.
    std::optional<std::uint32_t> draw(const RunStory& story, std::uint32_t shown_epoch, Layout& layout);

  private:
    Selection selection_;
    LossPanel loss_;
    BothPanel both_;
    StatisticsPanel statistics_;
};

}  // namespace shadenet
