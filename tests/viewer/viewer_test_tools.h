// What the tests of this folder share: Dear ImGui without a window, and made-up runs.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include <imgui.h>
#include <nlohmann/json.hpp>

#include "model/parameters.h"
#include "viewer/layout.h"
#include "viewer/run_story.h"
#include "viewer/selection.h"

namespace shadenet::test {

/// A screen of 1000 x 1000 that nobody sees.
class Screen {
  public:
    Screen() {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.DisplaySize = {1000, 1000};
        io.DeltaTime = 1.0f / 60;
        io.IniFilename = nullptr;
        io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
        unsigned char* pixels = nullptr;
        int width = 0, height = 0;
        io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    }
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;
    ~Screen() { ImGui::DestroyContext(); }

    /// Draws a frame of one window over the whole screen.
    void frame(const std::function<void()>& draw) {
        ImGui::NewFrame();
        layout.clear();
        selection.begin_frame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
        ImGui::Begin("test", nullptr, ImGuiWindowFlags_NoDecoration);
        draw();
        ImGui::End();
        ImGui::Render();
    }

    void move_mouse(ImVec2 to) {
#if IMGUI_VERSION_NUM >= 18700
        ImGui::GetIO().AddMousePosEvent(to.x, to.y);
#else
        ImGui::GetIO().MousePos = to;
#endif
    }

    void hold_mouse(bool down) {
#if IMGUI_VERSION_NUM >= 18700
        ImGui::GetIO().AddMouseButtonEvent(0, down);
#else
        ImGui::GetIO().MouseDown[0] = down;
#endif
    }

    void hold_l(bool down) {
#if IMGUI_VERSION_NUM >= 18700
        ImGui::GetIO().AddKeyEvent(ImGuiKey_L, down);
#else
        ImGui::GetIO().KeysDown[static_cast<int>('L')] = down;
#endif
    }

    nlohmann::json state() const {
        return nlohmann::json::parse(layout.json({1, 1}));
    }

    /// The corners of a region of the layout.
    std::pair<ImVec2, ImVec2> region(const char* name) const {
        const auto corners = state().at("regions").at(name).get<std::vector<float>>();
        return {{corners[0], corners[1]}, {corners[2], corners[3]}};
    }

    /// The corners of what was drawn in exactly this colour.
    static std::vector<ImVec2> drawn_in(ImU32 colour) {
        std::vector<ImVec2> corners;
        const ImDrawData& data = *ImGui::GetDrawData();
        for (int i = 0; i < data.CmdListsCount; ++i) {
            for (const ImDrawVert& vertex : data.CmdLists[i]->VtxBuffer) {
                if (vertex.col == colour) corners.push_back(vertex.pos);
            }
        }
        return corners;
    }

    static int vertices() {
        return ImGui::GetDrawData()->TotalVtxCount;
    }

    Layout layout;
    Selection selection;
};

/// A run of `epochs` epochs whose curves all differ. moving_mean of channel i is i after every epoch.
inline RunStory made_up_story(std::uint32_t epochs, std::uint32_t hidden = 16) {
    RunStory story;
    story.network = two_layer_network({.hidden = hidden});
    story.epochs = epochs;
    story.examples = 12;
    story.steps_per_epoch = 3;
    for (std::uint32_t e = 1; e <= epochs; ++e) {
        EpochRecord record{.epoch = e, .train_loss = 1.0 / e, .validation_loss = 1.1 / e, .seconds = 0.5};
        for (const auto& [name, channels] : {std::pair{"bn1", hidden}, std::pair{"bn2", 3u}}) {
            NormStatistics norm{.name = name};
            for (std::uint32_t c = 0; c < channels; ++c) {
                const auto value = static_cast<float>(c);
                const float wave = 0.2f * std::sin(static_cast<float>(e * (c + 3)));
                norm.moving_mean.push_back(value);
                norm.moving_variance.push_back(1 + value);
                norm.batch_mean.push_back(value + wave);
                norm.batch_variance.push_back(1 + value + wave);
            }
            record.norms.push_back(norm);
        }
        story.records.push_back(record);
    }
    return story;
}

/// The same parameters after every epoch.
inline void keep_parameters(RunStory& story) {
    const Parameters parameters = initial_parameters(story.network, 1);
    story.parameters.assign(story.epochs + 1, parameters);
}

}  // namespace shadenet::test
