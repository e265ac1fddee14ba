// A button between a linear and a logarithmic axis.
#pragma once

#include <optional>
#include <string>

#include <imgui.h>

#include "report/axis.h"
#include "viewer/layout.h"
#include "viewer/theme.h"

namespace shadenet {

/// Until the user chooses, the axis is logarithmic if the values span more than a decade.
class ScaleSwitch {
  public:
    AxisScale scale(const ValueRange& range) const {
        return chosen_.value_or(wants_log(range) ? AxisScale::log : AxisScale::linear);
    }

    void change(const ValueRange& range) {
        chosen_ = scale(range) == AxisScale::log ? AxisScale::linear : AxisScale::log;
    }

    /// Draws the button at the right end of the cursor's line.
    void draw(const std::string& name, const ValueRange& range, const char* hint, Layout& layout) {
        const char* text = scale(range) == AxisScale::log ? "log" : "linear";
        const float width = ImGui::CalcTextSize("linear").x + 2 * ImGui::GetStyle().FramePadding.x;
        ImGui::SameLine(ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - width);
        if (ImGui::Button((std::string(text) + "##" + name).c_str(), {width, 0})) change(range);
        layout.last_item("button." + name);
        tooltip(hint);
    }

  private:
    std::optional<AxisScale> chosen_;
};

}  // namespace shadenet
