#include "viewer/app.h"

#include "base/error.h"
#include "base/file.h"
#include "report/report.h"
#include "train/run_folder.h"
#include "tune/tuner.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t thumbnail_side = 128;
/// Time for thumbnails to arrive, and for Dear ImGui to find the sizes of its parts.
constexpr int frames_until_settled = 10;

/// Writes the report of a run that has ended; the run is complete even if that fails.
std::string page_of(const TrainOptions& options) {
    try {
        write_report(options.output);
        return fmt::format("saved in {}, with report.html", options.output.string());
    } catch (const std::exception& error) {
        return fmt::format("saved in {}, but without a report: {}", options.output.string(), error.what());
    }
}

}  // namespace

App::App(Window& window, AppOptions options)
    : window_(window), options_(std::move(options)), stage_(window), loader_([] { Window::wake(); }) {
    window_.on_drop([this](const std::vector<fs::path>& paths) { dropped(paths); });
}

App::~App() {
    window_.on_drop({});
}

void App::show(Subject subject) {
    session_.reset();
    subject_ = std::move(subject);
    ++subject_number_;
    pinned_epoch_.reset();
    resting_.reset();
    notes_.clear();
    for (const std::string& line : subject_.notes) note(line);
    stage_.set_network(subject_.story.network);
    list_pictures();
    if (options_.after_epochs && !subject_.story.parameters.empty()) {
        pinned_epoch_ = std::min(*options_.after_epochs, subject_.story.last_epoch());
    }
}

void App::train(const TrainOptions& options) {
    show(subject_of(options));
    // The default tiles: now the window's frames would be measured, too.
    const auto choose_tiles = [](const Device& device, const Network& network, PlanKind plan,
                                 const Shape& batch) {
        return tiles_for(device, network, plan, batch, false);
    };
    session_ = std::make_unique<TrainingSession>(window_.device(), options, choose_tiles, page_of);
    if (!options_.after_epochs) session_->run();
}

bool App::training() const {
    if (session_ == nullptr) return false;
    const SessionState state = session_->status().state;
    return state == SessionState::loading || state == SessionState::paused || state == SessionState::running;
}

Pace App::pace() const {
    if (settled()) return Pace::idle;
    const bool software = window_.device().info().kind == DeviceKind::software;
    return software && training() ? Pace::sharing : Pace::busy;
}

void App::run(const std::atomic<bool>& stop) {
    while (window_.open() && !stop) step_frame();
    if (session_ == nullptr) return;
    note("saving ...");
    window_.frame([this] { draw(); });
    session_->finish();
}

void App::step_frame() {
    window_.frame([this] { draw(); }, pace());
    if (std::exchange(save_asked_, false)) save_picture();
    if (options_.screenshot.empty()) return;
    settled_frames_ = settled() ? settled_frames_ + 1 : 0;
    if (session_ != nullptr && session_->status().state == SessionState::failed) {
        window_.close();
    } else if (settled_frames_ > frames_until_settled) {
        take_screenshot();
        window_.close();
    }
}

/// Writes what the window shows into the requested file, or else into window-1.png and so on in the current
/// folder. Returns its path.
fs::path App::take_screenshot() {
    fs::path path = options_.screenshot;
    for (unsigned number = 1; path.empty(); ++number) {
        const fs::path free = fmt::format("window-{}.png", number);
        if (!fs::exists(free)) path = free;
    }
    const Picture8 picture = window_.screenshot();
    // The layout comes first, so that anyone who waits for the picture finds both.
    if (options_.layout) {
        write_file_atomically(path.string() + ".json", layout_.json(window_.pixels_per_unit()));
    }
    write_png(path, picture);
    return path;
}

void App::save_picture() {
    try {
        note("saved as " + take_screenshot().string());
    } catch (const DeviceLost&) {
        throw;
    } catch (const std::exception& error) {
        note(error.what());
    }
}

/// Whether nothing on the screen will change without the user.
bool App::settled() const {
    if (session_ != nullptr) {
        const SessionState state = session_->status().state;
        if (state == SessionState::loading || state == SessionState::running) return false;
    }
    const bool shows = !subject_.story.classes && !view_.pictures.empty() && !picture_failed_ &&
                       !subject_.story.parameters.empty();
    return !shows || (stage_.has_picture() && stage_.up_to_date());
}

void App::listen() {
    if (session_ != nullptr) take_news(session_->take_news());
    take_pictures();
    show_moment();
}

void App::take_news(RunNews news) {
    RunStory& story = subject_.story;
    if (news.start) {
        story.network = std::move(news.start->kept.network);  // a preset has taken the form of its data
        story.examples = news.start->examples;
        story.steps_per_epoch = news.start->steps_per_epoch;
        story.floor = news.start->floor;
        story.quality.reset();
        story.solved.reset();
        story.test.reset();
        story.records = std::move(news.start->kept.records);
        story.parameters = std::move(news.start->kept.parameters);
        story.parameters.resize(news.start->epochs_done + std::size_t{1});
        story.parameters.back() = std::move(news.start->parameters);
        ++moments_;
        note("plan " + news.start->plan);
        if (options_.after_epochs) {
            session_->run_to(std::uint64_t{*options_.after_epochs} * story.steps_per_epoch);
        }
    }
    for (RunNews::Epoch& epoch : news.epochs) {
        story.records.push_back(std::move(epoch.record));
        story.parameters.push_back(std::move(epoch.parameters));
        resting_.reset();
        ++moments_;
    }
    if (news.solved) {
        story.solved = std::move(news.solved);
        ++moments_;
    }
    if (news.quality) story.quality = std::move(news.quality);
    if (news.test) {
        story.test = std::move(news.test);
        subject_.pictures = mistake_files(subject_.options->output, *story.test);
        list_pictures();
    }
    if (news.changes) subject_.options->changes = std::move(*news.changes);
    if (news.resting) {
        resting_ = std::move(news.resting);
        ++moments_;
    }
    for (std::string& line : news.notes) note(line);
}

void App::take_pictures() {
    for (LoadedPicture& loaded : loader_.take_loaded()) {
        const bool whole = !loaded.thumbnail && loaded.index == view_.current;
        try {
            if (!loaded.problem.empty()) throw InputError(loaded.problem);
            take_picture(std::move(loaded));
        } catch (const DeviceLost&) {
            throw;
        } catch (const std::exception& error) {  // it cannot be read, or needs too much device memory
            if (!whole) continue;
            picture_failed_ = true;
            note(error.what());
        }
    }
}

void App::take_picture(LoadedPicture loaded) {
    if (loaded.thumbnail) {
        view_.pictures.at(loaded.index).aspect =
            static_cast<float>(loaded.input.width) / static_cast<float>(loaded.input.height);
        thumbnails_asked_.at(loaded.index) = false;  // it may be removed, and then be needed again
        stage_.set_thumbnail(std::move(loaded));
    } else if (loaded.index == view_.current) {
        if (!loaded.note.empty()) note(loaded.note);
        stage_.set_picture(std::move(loaded));
    }
}

/// In place of all that were there.
void App::list_pictures() {
    stage_.clear_pictures();
    loader_.forget();
    view_ = {};
    thumbnails_asked_.clear();
    for (const PictureFiles& picture : subject_.pictures) {
        view_.pictures.push_back({picture.name, picture.group, !picture.target.empty(), 1});
    }
    // A classifier makes no picture of a picture.
    if (!view_.pictures.empty() && !subject_.story.classes) choose_picture(0);
}

void App::choose_picture(std::size_t index) {
    view_.current = index;
    picture_failed_ = false;
    stage_.clear_picture();
    const auto fits = [&device = window_.device(), network = subject_.story.network](std::uint32_t width,
                                                                                     std::uint32_t height) {
        return ResidentFilter::takes(device, network, width, height);
    };
    loader_.request({index, subject_.pictures.at(index), 0, fits});
}

void App::request_thumbnails(const std::vector<std::size_t>& visible) {
    thumbnails_asked_.resize(subject_.pictures.size());
    for (const std::size_t index : visible) {
        if (thumbnails_asked_.at(index) || stage_.has_thumbnail(index)) continue;
        thumbnails_asked_[index] = true;
        loader_.request({index, subject_.pictures[index], thumbnail_side, {}});
    }
}

std::uint32_t App::shown_epoch() const {
    return pinned_epoch_.value_or(subject_.story.last_epoch());
}

/// Gives the stage the parameters of the shown moment when the moment has changed.
void App::show_moment() {
    if (subject_.story.parameters.empty() || subject_.story.classes) return;
    const bool latest = !pinned_epoch_ || (*pinned_epoch_ == subject_.story.last_epoch() && !resting_);
    const Shown moment{subject_number_, latest ? ~moments_ : *pinned_epoch_};
    if (shown_ != moment) {
        const Parameters* parameters =
            latest && resting_ ? &resting_->parameters : subject_.story.parameters_after(shown_epoch());
        if (parameters == nullptr) {
            stage_.hide_output();
        } else {
            stage_.show_parameters(*parameters);
        }
        shown_ = moment;
    }
    try {
        stage_.update();
    } catch (const OutOfDeviceMemory& error) {
        note(error.what());
        if (stage_.statistics() == ShownStatistics::batch) {
            stage_.show_statistics(ShownStatistics::moving);
        } else {
            stage_.clear_picture();
            picture_failed_ = true;
        }
    }
}

void App::dropped(const std::vector<fs::path>& paths) {
    const std::uint64_t subject = subject_number_;
    const std::size_t before = subject_.pictures.size();
    for (const fs::path& path : paths) {
        try {
            open_path(path);
        } catch (const InputError& error) {
            note(error.what());
        } catch (const fs::filesystem_error& error) {  // e.g. permission denied
            note(error.what());
        }
    }
    if (subject == subject_number_ && subject_.pictures.size() > before) choose_picture(before);
}

/// Opens a run, a model, or pictures to add.
void App::open_path(const fs::path& path) {
    const bool run = fs::exists(RunPaths(path).config());
    const bool model = lower_extension(path) == ".safetensors";
    if ((run || model) && training()) {
        throw InputError(path.string() + ": stop the run that goes on first");
    }
    if (run) return show(read_run_subject(path));
    if (model) {
        Subject subject = read_model_subject(path, {});
        if (!subject_.story.classes) subject.pictures = subject_.pictures;  // try it on the same pictures
        return show(std::move(subject));
    }
    if (subject_.story.classes) {
        throw InputError(path.string() +
                         ": not shown: this network tells classes; `shadenet classify` answers pictures");
    }
    for (PictureFiles& picture : dropped_pictures(path)) {
        view_.pictures.push_back({picture.name, picture.group, false, 1});
        subject_.pictures.push_back(std::move(picture));
    }
}

}  // namespace shadenet
