#include "task/image_to_image.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "data/pair_warnings.h"
#include "data/picture_crops.h"
#include "engine/picture_filter.h"
#include "image/not_taken.h"
#include "image/picture_file.h"
#include "model/named_statistics.h"
#include "task/pair_results.h"

namespace shadenet {

namespace {

/// The pair that a result belongs to; empty where it is none of training.
std::string pair_of(const fs::path& picture) {
    const std::string stem = picture.stem().string();
    for (const std::string_view kind : {"before_", "after_"}) {
        if (stem.starts_with(kind) && picture.extension() == ".png") {
            return record_name(stem.substr(kind.size()));
        }
    }
    return "";
}

/// Of crops that are smaller than asked for.
std::string small_crops_line(const PictureInputs& inputs) {
    const CheckedPairs& pairs = inputs.training;
    const auto smallest = std::ranges::min_element(
        pairs.sizes, {}, [](const PictureSize& size) { return std::min(size.width, size.height); });
    const std::uint32_t side = crop_side(inputs);
    return fmt::format("crops are {}x{} in place of {}x{}, because {} is {}", side, side, inputs.crops->side,
                       inputs.crops->side, pairs.pairs[smallest - pairs.sizes.begin()].input.string(),
                       to_string(*smallest));
}

}  // namespace

std::uint32_t crop_side(const PictureInputs& inputs) {
    std::uint32_t side = inputs.crops.value().side;
    for (const PictureSize& size : inputs.training.sizes) side = std::min({side, size.width, size.height});
    return side;
}

ImageToImage::ImageToImage(const Device& device, PictureInputs inputs, const PixelRange& range,
                           fs::path images, const std::atomic<bool>& stop)
    : device_(device), inputs_(std::move(inputs)), range_(range), images_(std::move(images)), stop_(stop) {
    // Pairs that another rank reads have no files here.
    for (const ImagePair& pair : inputs_.training.pairs)
        if (!pair.input.empty()) require_name("before", pair.stem, pair.input);
    for (const fs::path& picture : inputs_.test) require_name("test", picture.stem().string(), picture);
}

void ImageToImage::load() {
    PictureSet& training = take_examples(PictureSet(inputs_.training, notes_, range_));
    PictureSet* const validation = take_validation();
    pairs_.emplace(PairSets{training, validation});
    own_sets_ = {&training};
    if (validation != nullptr) own_sets_.push_back(validation);
    for (const fs::path& picture : inputs_.test) {
        if (stop_) throw Stopped();
        notes_.add(read_image(picture));
    }
}

void ImageToImage::join(Group&) {
    for (PictureSet* const pairs : std::exchange(own_sets_, {})) pairs->join(notes_);
}

PictureSet& ImageToImage::take_examples(PictureSet pictures) {
    if (!inputs_.crops) {
        auto whole = std::make_unique<PicturePairs>(std::move(pictures));
        PictureSet& training = whole->pictures();
        examples_ = std::move(whole);
        return training;
    }
    const CropOptions& crops = *inputs_.crops;
    auto examples = std::make_unique<PictureCrops>(std::move(pictures), crop_side(inputs_), crops.crops,
                                                   crops.flip, crops.seed);
    PictureSet& training = examples->pictures();
    examples_ = std::move(examples);
    return training;
}

PictureSet* ImageToImage::take_validation() {
    if (inputs_.validation.pairs.empty()) return nullptr;
    PictureSet pictures(inputs_.validation, notes_, range_);
    if (inputs_.crops) return &validation_.emplace(std::move(pictures));
    return &validation_examples_.emplace(std::move(pictures)).pictures();
}

Validation ImageToImage::validation() const {
    if (validation_) return Validation(*validation_);
    return validation_examples_ ? &*validation_examples_ : nullptr;
}

TaskCounts ImageToImage::counts() const {
    return {training().size(), pairs_->validation != nullptr ? pairs_->validation->size() : 0,
            static_cast<std::uint32_t>(inputs_.test.size())};
}

RunData ImageToImage::data() const {
    RunData data{training().records(), {}};
    if (pairs_->validation != nullptr) data.validation = pairs_->validation->records();
    return data;
}

DataDifferences ImageToImage::differences(const RunData& before) const {
    const RunData now = data();
    return {difference(before.training, now.training, inputs_.training.pairs),
            difference(before.validation, now.validation, inputs_.validation.pairs)};
}

std::vector<std::string> ImageToImage::notes() const {
    std::vector<std::string> notes = notes_.lines();
    const auto add = [&](const std::vector<std::string>& lines) {
        notes.insert(notes.end(), lines.begin(), lines.end());
    };
    add(not_taken_in(inputs_.folders));
    if (inputs_.crops && crop_side(inputs_) < inputs_.crops->side) notes.push_back(small_crops_line(inputs_));
    add(training().profiles().lines());
    add(pair_warnings(training(), stop_));
    if (pairs_->validation) add(pairs_->validation->profiles().lines("validation "));
    return notes;
}

fs::path ImageToImage::place(const char* kind, const std::string& stem) const {
    return result_path(images_, kind, stem);
}

void ImageToImage::require_name(const char* kind, const std::string& stem, const fs::path& source) const {
    const fs::path result = place(kind, stem);
    if (!is_too_long(result)) return;
    throw InputError(
        fmt::format("{}: the name of its result, {}, would be too long; give the picture a shorter one",
                    source.string(), result.filename().string()));
}

std::vector<PublishedPicture> ImageToImage::pictures(const char* kind) const {
    std::vector<PublishedPicture> pictures;
    for (std::uint32_t i = 0; i < training().size(); ++i) {
        const std::string& stem = training().stems()[i];
        pictures.push_back({stem, place(kind, stem), training().width(i), training().height(i)});
    }
    return pictures;
}

void ImageToImage::publish_untrained(const Network& network, const std::function<Parameters()>& untrained,
                                     bool missing_only, TaskObserver& observer) const {
    PairResults results{.kind = "before", .of_domains = {}, .wanted = {}};
    for (const std::string& stem : training().stems())
        results.wanted.push_back(!missing_only || !fs::exists(place("before", stem)));
    const bool any = std::ranges::find(results.wanted, true) != results.wanted.end();
    results.of_domains = {any ? untrained() : initial_parameters(network, 0)};
    if (PairPublisher(device_, training(), network, images_, stop_).publish(results, {}))
        observer.on_pictures(pictures("before"), 0);
}

bool ImageToImage::publish_trained(const TrainedModels& models, TaskObserver& observer) const {
    const Model& model = models.last;
    const std::uint32_t pairs = training().size();
    PairResults results{.kind = "after",
                        .of_domains = {model.parameters},
                        .wanted = std::vector<bool>(pairs, true),
                        .compared = true};
    for (std::size_t domain = 1; domain < training().domain_sizes().size(); ++domain)
        results.of_domains.push_back(with_statistics(model.parameters, model.sets[domain]));
    const auto on_result = [&](const SquaredErrors& errors) { observer.on_result(errors); };
    if (!PairPublisher(device_, training(), model.network, images_, stop_).publish(results, on_result))
        return false;
    observer.on_pictures(pictures("after"), models.steps);
    return write_tests(model);
}

void ImageToImage::publish_along(const Network& network, bool /*trained*/) const {
    PairPublisher(device_, training(), network, images_, stop_).publish_along();
}

/// Of a picture that is not of training: its own colours, or the targets' where the network converts to them.
Metadata ImageToImage::colours_of_result(const Metadata& own) const {
    if (training().profiles().colours().converts) return training().profiles().of_results();
    Metadata colours;
    colours.icc = own.icc;
    colours.icc_name = own.icc_name;
    colours.png_colour = own.png_colour;
    return colours;
}

bool ImageToImage::write_tests(const Model& model) const {
    if (inputs_.test.empty()) return true;
    PictureFilter filter(device_, model.network, model.parameters);
    for (const fs::path& picture : inputs_.test) {
        if (stop_) return false;
        const FilePicture file = PictureReader(picture).decode();
        const fs::path path = place("test", picture.stem().string());
        write_result(
            path, result_file(path, filter.apply(to_image(file, picture)), colours_of_result(file.metadata)));
    }
    return true;
}

std::vector<fs::path> ImageToImage::untrained_results() const {
    std::vector<fs::path> paths;
    for (const PublishedPicture& picture : pictures("before")) paths.push_back(picture.path);
    return paths;
}

std::vector<fs::path> ImageToImage::results_of(const RunData& data) const {
    std::set<std::string> names;
    for (const PairRecord& record : data.training) names.insert(record.name);
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator entry(images_, error), end; !error && entry != end; entry.increment(error)) {
        if (names.contains(pair_of(entry->path()))) found.push_back(entry->path());
    }
    return found;
}

}  // namespace shadenet
