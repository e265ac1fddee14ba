// What a run learns from, told by content: pictures that were moved are the same, and changed ones are not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "image/pairs.h"

namespace shadenet {

/// Folders of one domain: pairs of a kind, which have statistics of their own.
struct Domain {
    std::string name;
    std::filesystem::path input, target;
    bool operator==(const Domain&) const = default;
};

/// A pair by its name and the SHA-256 of both files.
struct PairRecord {
    std::string name, input, target;
    bool operator==(const PairRecord&) const = default;
};

/// What config.json keeps as "data".
struct RunData {
    std::vector<PairRecord> training, validation;
    std::string init{};      ///< SHA-256 of the model that --init named; empty without one
    std::string labelled{};  ///< SHA-256 of labelled pictures; empty of pairs
    /// False of runs that were begun before there was such a record.
    bool known() const { return !training.empty() || !labelled.empty(); }
    bool operator==(const RunData&) const = default;
};

/// Which pictures are not those of a run any more.
struct DataChange {
    bool training = false, validation = false;
    bool any() const { return training || validation; }
};

/// A pair's name as a record has it: normalised, and UTF-8 whatever the file system has, which JSON asks for.
std::string record_name(const std::string& stem);

/// "<hash> <hash> <name>", a line of config.json, and back; empty names for other text.
std::string to_string(const PairRecord& pair);
PairRecord pair_record(const std::string& text);

/// What is no longer as it was.
struct DataDifference {
    std::string first;        ///< "/x/p0.png is another picture", in words that name the file; empty: none
    std::uint32_t count = 0;  ///< of pairs; of labelled pictures all are one
};
struct DataDifferences {
    DataDifference training, validation;
};
/// Files that are another's content now, pairs that are gone, and new ones. `files` are those of `now`, in
/// its order.
DataDifference difference(const std::vector<PairRecord>& before, const std::vector<PairRecord>& now,
                          const std::vector<ImagePair>& files);

}  // namespace shadenet
