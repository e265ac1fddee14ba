#include "task/pair_results.h"

#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/file_error.h"
#include "engine/tensors/tensor.h"
#include "group/rounds.h"
#include "group/text_fields.h"
#include "group/values.h"
#include "image/picture_file.h"

namespace shadenet {

fs::path result_path(const fs::path& folder, const std::string& kind, const std::string& stem) {
    return folder / fmt::format("{}_{}.png", kind, stem);
}

std::vector<std::byte> result_file(const fs::path& path, const Image& result, const Metadata& metadata) {
    if (!all_finite(result.values)) {
        throw BadResult(fmt::format(
            "{}: not written: what the network makes of it is no number any more; the last checkpoint is "
            "kept; try a smaller --lr, with another --output",
            path.string()));
    }
    return png_file(path, result, metadata);
}

void write_result(const fs::path& path, std::span<const std::byte> bytes) {
    std::error_code error;
    fs::create_directory(path.parent_path(), error);
    if (error) {
        throw WorkError(fmt::format("{}: cannot make the folder: {}", path.parent_path().string(),
                                    reason_and_advice(error)));
    }
    write_file_atomically(path, bytes);
}

PairPublisher::PairPublisher(const Device& device, const PictureSet& pairs, const Network& network,
                             fs::path folder, const std::atomic<bool>& stop)
    : device_(device), pairs_(pairs), network_(network), folder_(std::move(folder)), stop_(stop) {}

bool PairPublisher::publish(const PairResults& results,
                            const std::function<void(const SquaredErrors&)>& on_result) {
    PairResults shared = results;
    share(shared);
    return run(shared, on_result);
}

void PairPublisher::publish_along() {
    PairResults results;
    share(results);
    run(results, {});
}

void PairPublisher::share(PairResults& results) const {
    Group& group = pairs_.shares().group();
    if (group.is_alone()) return;
    Texts texts;
    if (group.leads()) {
        std::string wanted;
        for (const bool one : results.wanted) wanted += one ? '1' : '0';
        texts = {results.kind, std::to_string(results.of_domains.size()), results.compared ? "1" : "0",
                 wanted};
    }
    texts = broadcast_texts(group, texts);
    std::size_t sets = 0;
    TextReader read(texts);
    read(results.kind);
    read(sets);
    int compared = 0;
    read(compared);
    results.compared = compared == 1;
    std::string wanted;
    read(wanted);
    results.wanted.clear();
    for (const char one : wanted) results.wanted.push_back(one == '1');
    results.of_domains.resize(sets, initial_parameters(network_, 0));
    std::vector<std::span<float>> places;
    for (Parameters& parameters : results.of_domains) {
        for (const std::span<float> values : parameters.places()) places.push_back(values);
    }
    broadcast_values(group, places);
}

/// In a round every rank makes one result at most: they are large.
bool PairPublisher::run(const PairResults& results,
                        const std::function<void(const SquaredErrors&)>& on_result) {
    const Shares& shares = pairs_.shares();
    const auto pair_of = [&](std::uint32_t round, std::uint32_t rank) {
        return round / shares.own() * shares.count() + rank * shares.own() + round % shares.own();
    };
    const auto is_wanted = [&](std::uint32_t pair) { return pair < pairs_.size() && results.wanted[pair]; };
    std::vector<SquaredErrors> errors(pairs_.size());
    Texts made;
    const auto make = [&](std::uint32_t round) {
        const std::uint32_t pair = pair_of(round, shares.group().rank());
        made = is_wanted(pair) ? made_of(results, pair) : Texts();
    };
    const auto write = [&](std::uint32_t round) {
        const std::vector<Texts> of_ranks = collect_texts(shares.group(), made);  // rank 0 gets them
        for (std::uint32_t rank = 0; rank < of_ranks.size(); ++rank) {
            const std::uint32_t pair = pair_of(round, rank);
            if (is_wanted(pair)) errors[pair] = written(results, pair, of_ranks[rank]);
        }
    };
    const bool all_done =
        do_rounds(shares.group(), {.count = pieces_of(pairs_.size(), shares.count()) * shares.own(),
                                   .go_on = [&](std::uint32_t) { return !stop_; },
                                   .work = make,
                                   .collect = write});
    if (!all_done || !results.compared || !shares.group().leads()) return all_done;
    for (const SquaredErrors& of_pair : errors) on_result(of_pair);
    return true;
}

Texts PairPublisher::made_of(const PairResults& results, std::uint32_t pair) {
    const std::size_t set = results.of_domains.size() == 1 ? 0 : pairs_.domain_of(pair);
    if (!filter_ || set_ != set) filter_.emplace(device_, network_, results.of_domains[set]);
    set_ = set;
    const Image result = filter_->apply(pairs_.input_picture(pair));
    SquaredErrors errors;
    if (results.compared) {
        const std::uint32_t radius = continues_pictures(network_) ? 0 : receptive_radius(network_);
        errors = squared_errors(result, pairs_.target_picture(pair), radius);
    }
    const std::vector<std::byte> file = result_file(result_path(folder_, results.kind, pairs_.stems()[pair]),
                                                    result, pairs_.profiles().of_results());
    Texts texts;
    TextWriter write(texts);
    write(errors.sum);
    write(errors.values);
    write(std::string(text_of(file)));
    return texts;
}

SquaredErrors PairPublisher::written(const PairResults& results, std::uint32_t pair,
                                     const Texts& made) const {
    TextReader read(made);
    SquaredErrors errors;
    std::string file;
    read(errors.sum);
    read(errors.values);
    read(file);
    write_result(result_path(folder_, results.kind, pairs_.stems()[pair]), std::as_bytes(std::span(file)));
    return errors;
}

}  // namespace shadenet
