#include "viewer/new_run.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "model/network.h"
#include "model/network_text.h"
#include "train/options/quality.h"
#include "train/run_folder.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr const char* title = "New run";
constexpr std::array<const char*, 3> norms = {"before the activation", "after the activation", "none"};
/// In the order of PicturePadding.
constexpr std::array<const char*, 3> paddings = {"zeros", "the outermost pixels again", "the mirror image"};
/// What --activation takes.
constexpr auto activations = [] {
    std::array<const char*, activation_words.words.size() + 1> all = {"none"};
    std::ranges::copy(activation_words.words, all.begin() + 1);
    return all;
}();

/// What the field says of the preset that the other fields shape.
constexpr const char* shaped_here = "two-layer";

/// In one line, as --network takes it.
std::string text_of(const NetworkChoice& network) {
    if (!network.given) return shaped_here;
    std::string text = to_text(*network.given);
    std::ranges::replace(text, '\n', ',');
    return text.substr(0, text.find_last_not_of(',') + 1);
}

/// A field for a text of up to 64 KiB, which is more than paths and the layers of networks take.
void input_text(const char* label, std::string& text) {
    static std::array<char, 1 << 16> shown;
    shown[text.copy(shown.data(), shown.size() - 1)] = '\0';
    if (ImGui::InputText(label, shown.data(), shown.size())) text = shown.data();
}

}  // namespace

fs::path free_folder(const fs::path& taken) {
    fs::path folder = fs::absolute(taken).lexically_normal();
    if (!folder.has_filename()) folder = folder.parent_path();
    const std::string name = folder.filename().string();
    const std::size_t dash = name.rfind('-');
    std::string stem = name;
    unsigned number = 1;
    if (dash != std::string::npos) {
        const char* const end = name.data() + name.size();
        unsigned found = 0;
        const auto [last, error] = std::from_chars(name.data() + dash + 1, end, found);
        if (error == std::errc() && last == end) {
            stem = name.substr(0, dash);
            number = found;
        }
    }
    do {
        ++number;
        folder.replace_filename(fmt::format("{}-{}", stem, number));
    } while (fs::exists(folder));
    return folder;
}

void NewRun::open(const TrainOptions& options) {
    options_ = renewed(options);
    options_.resume = options_.changed_data = false;
    options_.changes.clear();
    options_.tiles.clear();
    options_.plan = PlanKind::automatic;
    folder_ = free_folder(options.output).string();
    data_ = options.labelled.string();
    network_ = text_of(options.network);
    problem_.clear();
    opening_ = true;
}

void NewRun::draw_shape(Layout& layout) {
    int norm = static_cast<int>(options_.network.two_layer.norm);
    if (ImGui::Combo("batch norm", &norm, norms.data(), static_cast<int>(norms.size()))) {
        options_.network.two_layer.norm = static_cast<NormPlacement>(norm);
    }
    layout.last_item("new_run.norm");
    const auto before = std::ranges::find(activations, options_.network.two_layer.activation);
    int activation = before == activations.end() ? 0 : static_cast<int>(before - activations.begin());
    if (ImGui::Combo("activation", &activation, activations.data(), static_cast<int>(activations.size()))) {
        options_.network.two_layer.activation = activations.at(static_cast<std::size_t>(activation));
    }
    int padding = static_cast<int>(options_.network.two_layer.padding);
    if (ImGui::Combo("beyond the edges", &padding, paddings.data(), static_cast<int>(paddings.size()))) {
        options_.network.two_layer.padding = static_cast<PicturePadding>(padding);
    }
    layout.last_item("new_run.padding");
    ImGui::InputFloat("decay", &options_.network.two_layer.decay, 0.0f, 0.0f, "%g");
}

void NewRun::draw_pictures(Layout& layout) {
    if (options_.learns_classes()) {
        input_text("labelled pictures", data_);
        layout.last_item("new_run.data");
    }
    if (!options_.takes_crops()) return;
    int crops = static_cast<int>(options_.crops);
    if (ImGui::InputInt("crops of each picture", &crops, 1, 10)) {
        options_.crops = static_cast<std::uint32_t>(std::max(crops, 1));
    }
    layout.last_item("new_run.crops");
}

void NewRun::draw_fields(Layout& layout) {
    draw_pictures(layout);
    input_text("network", network_);
    if (ImGui::IsItemHovered()) {
        ImGui::SetTooltip("A preset's name, a file with a network's text, or its layers, parted by commas");
    }
    layout.last_item("new_run.network");
    if (network_ == shaped_here) draw_shape(layout);
    int epochs = static_cast<int>(options_.epochs);
    if (ImGui::InputInt("epochs", &epochs, 10, 100))
        options_.epochs = static_cast<std::uint32_t>(std::max(epochs, 1));
    ImGui::InputFloat("learning rate", &options_.optimizer.learning_rate, 0.0f, 0.0f, "%g");
    input_text("folder", folder_);
}

std::optional<TrainOptions> NewRun::draw(Layout& layout) {
    if (std::exchange(opening_, false)) ImGui::OpenPopup(title);
    std::optional<TrainOptions> confirmed;
    if (!ImGui::BeginPopupModal(title, nullptr, ImGuiWindowFlags_AlwaysAutoResize)) return confirmed;
    ImGui::PushItemWidth(ImGui::GetFontSize() * 24);
    draw_fields(layout);
    ImGui::PopItemWidth();
    if (!problem_.empty()) ImGui::TextWrapped("%s", problem_.c_str());
    if (ImGui::Button("Begin")) {
        try {
            options_.output = folder_;
            if (options_.learns_classes()) {
                if (data_.empty()) throw InputError("no labelled pictures: give a folder of them");
                options_.labelled = data_;
            }
            if (network_.empty()) throw InputError("the network is empty; two-layer is the usual one");
            options_.network.asked = network_;
            options_.network.look_up();
            give_way_to_network(options_, [](const Option&) { return false; });
            validate(options_);
            if (fs::exists(RunPaths(options_.output).config()))
                throw InputError(folder_ + ": holds a run already");
            confirmed = options_;
            ImGui::CloseCurrentPopup();
        } catch (const std::exception& error) {
            problem_ = error.what();
        }
    }
    layout.last_item("new_run.begin");
    ImGui::SameLine();
    if (ImGui::Button("Cancel")) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
    return confirmed;
}

}  // namespace shadenet
