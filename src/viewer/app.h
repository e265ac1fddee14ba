// The window's content, frame after frame.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/one_line.h"
#include "viewer/control_bar.h"
#include "viewer/help_overlay.h"
#include "viewer/layout.h"
#include "viewer/learning_panels.h"
#include "viewer/new_run.h"
#include "viewer/picture_loader.h"
#include "viewer/pictures_panel.h"
#include "viewer/stage.h"
#include "viewer/subject.h"
#include "viewer/training_session.h"
#include "viewer/window.h"

namespace shadenet {

struct AppOptions {
    std::optional<std::uint32_t> after_epochs;  ///< pause the run there, or show that epoch
    std::filesystem::path screenshot;  ///< to be written, after which the window closes; may be empty
    bool layout = false;  ///< also write FILE.json beside every screenshot, with the places of things
};

class App {
  public:
    /// The window must outlive the object.
    App(Window& window, AppOptions options);
    ~App();

    /// Shows this subject from now on. A run in progress is saved and ended.
    void show(Subject subject);
    /// Begins a run and shows it.
    void train(const TrainOptions& options);

    /// Runs until the window is closed, `stop` becomes true, or the requested screenshot is written. Throws
    /// WorkError when a run has failed.
    void run(const std::atomic<bool>& stop);

  private:
    /// What the stage was last told to show; the stage is told again only when this changes.
    struct Shown {
        std::uint64_t subject, moment;
        bool operator==(const Shown&) const = default;
    };

    Pace pace() const;
    bool training() const;
    void step_frame();

    void listen();
    void take_news(RunNews news);
    void take_pictures();
    void list_pictures();
    void choose_picture(std::size_t index);
    void take_picture(LoadedPicture loaded);
    void save_picture();
    std::filesystem::path take_screenshot();
    float shown_decay() const;
    void request_thumbnails(const std::vector<std::size_t>& visible);
    void show_moment();
    std::uint32_t shown_epoch() const;
    std::string moment_text() const;
    bool settled() const;

    void draw();
    void draw_content();
    void draw_pictures();
    void draw_mistakes();
    void draw_controls();
    void draw_status();
    void obey(const ControlWishes& wishes);
    void take_keys();
    void dropped(const std::vector<std::filesystem::path>& paths);
    void open_path(const std::filesystem::path& path);
    void note(std::string_view text) { notes_.push_back(on_one_line(text)); }

    Window& window_;
    AppOptions options_;
    Subject subject_;
    std::uint64_t subject_number_ = 0;
    std::optional<std::uint32_t> pinned_epoch_;  ///< none: the latest epoch is shown
    std::optional<RunNews::Rest> resting_;
    std::uint64_t moments_ = 0;  ///< how often the latest state changed
    std::optional<Shown> shown_;

    Stage stage_;
    PictureLoader loader_;
    PicturesView view_;
    std::vector<bool> thumbnails_asked_;  ///< thumbnails that are being loaded, or failed to load
    bool picture_failed_ = false;         ///< the current picture cannot be shown

    PicturesPanel pictures_panel_;
    LearningPanels learning_;
    ControlBar controls_;
    NewRun new_run_;
    HelpOverlay help_;
    Layout layout_;
    std::vector<std::string> notes_;
    bool save_asked_ = false;  ///< the key for a screenshot was pressed
    int settled_frames_ = 0;
    std::unique_ptr<TrainingSession> session_;  ///< last, so that it ends before the members it uses
};

}  // namespace shadenet
