#include "train/logs/epoch_log.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"

namespace shadenet {

namespace {

constexpr std::uint64_t most_log_bytes = std::uint64_t{1} << 30;
constexpr std::size_t alignment = sizeof(float);

/// Of a record.
std::vector<TensorSpec> record_specs(const Network& network) {
    std::vector<TensorSpec> specs = tensor_specs(network);
    for (const BatchNorm& norm : norms_of(network)) {
        specs.push_back({norm.name + ".batch_mean", {norm.channels}, false});
        specs.push_back({norm.name + ".batch_var", {norm.channels}, false});
    }
    return specs;
}

std::string header_of(const Network& network) {
    nlohmann::json tensors = nlohmann::json::array();
    for (const TensorSpec& spec : record_specs(network)) tensors.push_back({spec.name, spec.shape});
    std::string line = nlohmann::json{{"format", "shadenet epochs 1"}, {"tensors", tensors}}.dump();
    line.resize((line.size() + 1 + alignment - 1) / alignment * alignment - 1, ' ');
    return line + "\n";
}

std::size_t values_of_record(const Network& network) {
    std::size_t values = 0;
    for (const TensorSpec& spec : record_specs(network)) values += spec.values();
    return values;
}

/// The bytes of a file that begins as one of `network`.
std::vector<std::byte> read_checked(const fs::path& path, const std::string& header) {
    std::vector<std::byte> bytes = read_file(path, most_log_bytes);
    if (!text_of(bytes).starts_with(header)) {
        throw InputError(fmt::format(
            "{}: does not hold the epochs of this network; move it away, or use another run folder",
            path.string()));
    }
    return bytes;
}

EpochState state_of(const Network& network, std::span<const float> values) {
    const bool known = !std::isnan(values.front());
    const auto take = [&](std::size_t count) {
        const std::span<const float> taken = values.first(count);
        values = values.subspan(count);
        return std::vector<float>(taken.begin(), taken.end());
    };
    std::vector<NamedTensor> tensors;
    for (const TensorSpec& spec : tensor_specs(network)) {
        tensors.push_back({spec.name, spec.shape, spec.trainable, take(spec.values()), spec.held});
    }
    EpochState state{Parameters(std::move(tensors)), {}, known};
    for (const BatchNorm& norm : norms_of(network)) {
        NormStatistics statistics{norm.name, {}, {}, take(norm.channels), take(norm.channels)};
        if (!std::isnan(statistics.batch_mean.front())) state.norms.push_back(std::move(statistics));
    }
    return state;
}

/// The records of the file, where it has such.
std::string readable_records(const fs::path& path, const std::string& header) {
    try {
        const std::vector<std::byte> bytes = read_checked(path, header);
        return std::string(text_of(bytes).substr(header.size()));
    } catch (const InputError&) {
        return "";
    }
}

/// The states up to that of epoch `epochs_done`, and NaN for those that the file lacks.
std::string kept_records(const fs::path& path, const Network& network, std::uint32_t epochs_done) {
    const std::string header = header_of(network);
    const std::size_t record = values_of_record(network) * sizeof(float);
    const std::size_t most = (most_log_bytes - header.size()) / record;
    const std::size_t wanted = std::min<std::size_t>(epochs_done + std::size_t{1}, most) * record;
    std::string records = readable_records(path, header);
    records.resize(std::min(records.size() / record * record, wanted));
    const float unknown = std::numeric_limits<float>::quiet_NaN();
    const std::string_view value(reinterpret_cast<const char*>(&unknown), sizeof unknown);
    records.reserve(wanted);
    while (records.size() < wanted) records.append(value);
    return header + records;
}

}  // namespace

EpochLog::EpochLog(fs::path path, const Network& network) : path_(std::move(path)), network_(network) {}

void EpochLog::on_begin(const RunBegin& begin) {
    next_ = begin.resumed ? begin.epochs_done + std::uint64_t{1} : 0;
    write_file_atomically(
        path_, begin.resumed ? kept_records(path_, network_, begin.epochs_done) : header_of(network_));
    if (!begin.resumed) add(begin.parameters, {});
}

void EpochLog::on_epoch(const EpochRecord& record, const Parameters& parameters) {
    add(parameters, record.norms);
}

void EpochLog::add(const Parameters& parameters, const std::vector<NormStatistics>& norms) {
    const std::size_t values = values_of_record(network_);
    if (header_of(network_).size() + ++next_ * values * sizeof(float) > most_log_bytes) return;
    std::vector<float> record;
    record.reserve(values);
    const auto append_values = [&](const std::vector<float>& more) {
        record.insert(record.end(), more.begin(), more.end());
    };
    for (const NamedTensor& tensor : parameters.tensors()) append_values(tensor.values);
    for (const NormStatistics& norm : norms) {
        append_values(norm.batch_mean);
        append_values(norm.batch_variance);
    }
    record.resize(values, std::numeric_limits<float>::quiet_NaN());
    append_to_file(path_, std::as_bytes(std::span(record)));
}

std::vector<EpochState> read_epoch_log(const fs::path& path, const Network& network) {
    const std::string header = header_of(network);
    const std::vector<std::byte> bytes = read_checked(path, header);
    const std::size_t count = values_of_record(network);
    std::vector<float> values(count);
    std::vector<EpochState> states;
    for (std::size_t at = header.size(); at + count * sizeof(float) <= bytes.size();
         at += count * sizeof(float)) {
        std::memcpy(values.data(), bytes.data() + at, count * sizeof(float));
        states.push_back(state_of(network, values));
    }
    return states;
}

}  // namespace shadenet
