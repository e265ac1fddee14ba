// A picture panel on a screen of its own, with a painter that writes down what it is to draw.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "viewer/gui_session.h"
#include "viewer/pictures_panel.h"

namespace shadenet::test {

struct Painted : PicturePlace {
    PictureId picture;
    std::optional<PictureId> minus;  ///< of a difference
    float gain = 0;
    ImVec2 clip_min, clip_max;
};

inline ImVec2 middle_of(const Painted& painted) {
    return {(painted.min.x + painted.max.x) / 2, (painted.min.y + painted.max.y) / 2};
}

inline bool same_view(const Painted& a, const Painted& b) {
    return a.uv_min.x == b.uv_min.x && a.uv_min.y == b.uv_min.y && a.uv_max.x == b.uv_max.x &&
           a.uv_max.y == b.uv_max.y && a.max.x - a.min.x == b.max.x - b.min.x &&
           a.max.y - a.min.y == b.max.y - b.min.y;
}

class RecordingPainter : public PicturePainter {
  public:
    void draw(ImDrawList& list, PictureId picture, const PicturePlace& place) override {
        painted.push_back({place, picture, {}, 0, list.GetClipRectMin(), list.GetClipRectMax()});
    }
    void draw_difference(ImDrawList& list, PictureId a, PictureId b, float gain,
                         const PicturePlace& place) override {
        painted.push_back({place, a, b, gain, list.GetClipRectMin(), list.GetClipRectMax()});
    }

    std::vector<Painted> painted;
};

/// One picture with a target, unless the test says otherwise.
class PicturesScene {
  public:
    explicit PicturesScene(ImVec2 size = {1200, 800}, float scale = 1) : gui(size, scale) {
        view.pictures = {{"a.png", PictureGroup::training, true, 1}};
        view.width = 600;
        view.height = 400;
    }

    /// What one frame draws; the choice that it wishes is made.
    void frame() {
        painter.painted.clear();
        layout.clear();
        gui.frame([&] { wishes = panel.draw(view, painter, layout); });
        if (wishes.chosen) view.current = *wishes.chosen;
        state = nlohmann::json::parse(layout.json({1, 1}));
    }

    /// Two frames, with the key and then without.
    void press(char letter) {
        gui.letter(letter, true);
        frame();
        gui.letter(letter, false);
        frame();
    }
    void press_key(int key) {
        gui.key(key, true);
        frame();
        gui.key(key, false);
        frame();
    }
    void type(char character) {
        gui.type(character);
        frame();
    }
    /// Moves there, presses the left button and lets it go.
    void click(ImVec2 point) {
        gui.mouse_at(point);
        frame();
        gui.mouse_button(0, true);
        frame();
        gui.mouse_button(0, false);
        frame();
    }
    void drag(ImVec2 from, ImVec2 to, int button = 0) {
        gui.mouse_at(from);
        frame();
        gui.mouse_button(button, true);
        frame();
        gui.mouse_at(to);
        frame();
        gui.mouse_button(button, false);
        frame();
    }
    void turn_wheel(float steps) {
        gui.wheel(steps);
        frame();
        gui.wheel(0);
    }

    /// What was drawn of the current picture, without thumbnails.
    std::vector<Painted> large() const {
        std::vector<Painted> found;
        for (const Painted& painted : painter.painted) {
            if (painted.picture.kind != PictureKind::thumbnail) found.push_back(painted);
        }
        return found;
    }
    double value(const std::string& name) const { return state["values"].at(name).get<double>(); }
    std::string text(const std::string& name) const { return state["values"].at(name).get<std::string>(); }
    bool has_region(const std::string& name) const { return state["regions"].contains(name); }
    ImVec2 middle(const std::string& region) const {
        const auto edges = state["regions"].at(region).get<std::vector<float>>();
        return {(edges[0] + edges[2]) / 2, (edges[1] + edges[3]) / 2};
    }

    GuiSession gui;
    PicturesPanel panel;
    PicturesView view;
    PicturesWishes wishes;
    RecordingPainter painter;
    Layout layout;
    nlohmann::json state;
};

}  // namespace shadenet::test
