// floor.json: the floor of a run, for its resumption and for readers.
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "data/picture_set.h"
#include "task/rank_order.h"
#include "train/logs/floor.h"

namespace shadenet {

namespace {

constexpr std::uint64_t most_floor_bytes = 1 << 16;

[[noreturn]] void fail(const fs::path& path, const char* what) {
    throw InputError(fmt::format(
        "{}: is damaged: {}; delete it, and `shadenet train --resume` makes it again", path.string(), what));
}

double loss_at(const nlohmann::json& json, const char* key, const fs::path& path) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number()) fail(path, "a loss is missing or no number");
    const double loss = found->get<double>();
    if (!std::isfinite(loss) || loss < 0) fail(path, "a loss is below zero or not finite");
    return loss;
}

std::uint64_t count_at(const nlohmann::json& json, const char* key, std::uint64_t most,
                       const fs::path& path) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number_unsigned())
        fail(path, "a count is missing or no whole number");
    const std::uint64_t count = found->get<std::uint64_t>();
    if (count == 0 || count > most) fail(path, "a count is out of range");
    return count;
}

}  // namespace

void write_floor(const fs::path& path, const Floor& floor) {
    nlohmann::ordered_json json{{"loss", floor.loss}, {"pixels", floor.pixels}, {"side", floor.side}};
    if (floor.reached) json["reached"] = *floor.reached;
    write_file_atomically(path, json.dump(2) + "\n");
}

std::optional<Floor> read_floor(const fs::path& path) {
    if (!is_there(path)) return std::nullopt;
    const std::vector<std::byte> bytes = read_file(path, most_floor_bytes);
    const nlohmann::json json = nlohmann::json::parse(text_of(bytes), nullptr, false);
    if (!json.is_object()) fail(path, "it is no JSON object");
    constexpr std::uint32_t largest_side = 1 << 16;
    Floor floor;
    floor.loss = loss_at(json, "loss", path);
    floor.pixels = count_at(json, "pixels", UINT64_MAX, path);
    floor.side = static_cast<std::uint32_t>(count_at(json, "side", largest_side, path));
    if (json.contains("reached")) floor.reached = loss_at(json, "reached", path);
    return floor;
}

FloorLog::FloorLog(const Device& device, const Network& network, const PictureSet& pictures, fs::path path,
                   RunObserver& observer, const std::atomic<bool>& stop)
    : device_(device),
      network_(network),
      pictures_(pictures),
      path_(std::move(path)),
      observer_(observer),
      stop_(stop) {}

void FloorLog::on_start(const RunStart& start) {
    const bool goes_on = start.epochs_done < start.options.epochs;
    if (start.options.resume) floor_ = read_floor(path_);
    const bool kept = floor_ && !(floor_->reached && goes_on);
    if (!floor_) find();
    if (!floor_) return;
    if (goes_on) floor_->reached.reset();
    if (!kept) write_floor(path_, *floor_);
    observer_.on_floor(*floor_);
}

void FloorLog::find() {
    std::string why_not;
    LedWork led(pictures_.shares().group(), RankOrder::Kind::find_floor);
    floor_ = floor_of(device_, network_, pictures_, why_not, [this](std::uint32_t pair) {
        observer_.on_floor_progress(pair, pictures_.size());
        return !stop_;
    });
    led.done();
    if (!why_not.empty()) observer_.on_note(why_not);
}

void FloorLog::on_result(const SquaredErrors& errors) {
    reached_.add(errors);
}

void FloorLog::on_pictures(const std::vector<PublishedPicture>&, std::uint64_t step) {
    if (!floor_ || step == 0) return;
    floor_->reached = reached_.mean();
    write_floor(path_, *floor_);
    observer_.on_floor(*floor_);
}

}  // namespace shadenet
