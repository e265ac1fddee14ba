// The health check of a network's batch norms: from facts to findings in plain words. Pure: no device, no
// files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/words.h"
#include "model/named_statistics.h"
#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

enum class FindingKind {
    never_updated,      ///< moving statistics that no step has moved
    start_left,         ///< moving statistics that are still close to their start
    lagging,            ///< moving statistics that are far from those of the population
    small_variance,     ///< a variance near epsilon
    dead_channel,       ///< a channel that is the same for all pictures, or unused
    output_difference,  ///< results differ between training and inference
    small_batch,        ///< a batch too small for its statistics
    cancelled_bias,     ///< a bias that a norm removes
    never_answered,     ///< a class whose logit never wins
    dead_unit,          ///< a relu that is 0 for every picture
    dropout_shift,      ///< a norm whose variance in training is that of dropout before it
};

enum class Severity {
    information,  ///< harmless, and worth knowing
    warning,      ///< results may be worse than they need be
    fault,        ///< results are wrong
};

struct Finding {
    FindingKind kind;
    Severity severity;
    std::string text;    ///< the fact, a sentence with its numbers
    std::string remedy;  ///< what to do, a sentence
    bool operator==(const Finding&) const = default;
};

/// The difference between results with the pictures' own statistics, as in training, and with the moving
/// ones, in grey levels of 255. Results are clamped as in files.
struct OutputDifference {
    std::uint32_t pictures;
    double mean, largest;
};

/// The pictures of a training step.
struct BatchExtent {
    std::uint32_t pictures, width, height;
    bool all = false;    ///< there are no other pictures: every step has the same
    bool crops = false;  ///< they are crops of pictures
    const char* what() const { return crops ? "crop" : "picture"; }
};

/// What a classifier does with pictures, without dropout.
struct ClassifierFacts {
    /// The units, or channels, whose relu is 0 for all of them.
    struct Units {
        std::string layer;  ///< "fc1", whose units they are
        std::uint32_t units = 0;
        std::vector<std::uint32_t> dead{};
    };
    /// A norm that stands behind dropout.
    struct Shift {
        std::string norm;
        double keep;   ///< by all dropout before it
        double ratio;  ///< of the moving variance and that without dropout, in the median of the channels
    };
    std::uint32_t pictures = 0;                      ///< that were looked at
    bool of_training = true;                         ///< it has learned from them
    std::vector<std::string> classes{};              ///< their names
    std::vector<std::uint64_t> labels{}, answers{};  ///< how many pictures have that class, or got it
    std::vector<Units> units{};                      ///< of each relu
    std::vector<Shift> shifts{};
    const char* what() const { return of_training ? "training picture" : "picture"; }
};

/// All that is known of a network. Unknown facts are not checked.
struct HealthFacts {
    std::string domain;  ///< the domain of the statistics' pictures; empty if there are no domains
    bool own = true;     ///< the statistics are the model's own, and not a set for the domain
    Network network;
    Parameters parameters;                      ///< of the network
    std::optional<std::uint64_t> norm_updates;  ///< steps that updated the moving statistics
    /// The part of the moving values that is still their start of 0 and 1: start_share(), 0 with --debias.
    std::optional<double> start_share;
    bool frozen = false;  ///< training ended with the moving statistics in place of the batch's
    std::optional<BatchExtent> batch;
    std::optional<NamedStatistics> population;  ///< of the pictures that the network is for
    std::size_t population_pictures = 0;
    std::optional<OutputDifference> outputs;
    std::optional<ClassifierFacts> classifier{};
};

struct HealthReport {
    std::vector<Finding> findings;  ///< the gravest first
    std::string checked;            ///< what was looked at, a sentence with its figures
    bool operator==(const HealthReport&) const = default;
};

/// decay^updates.
double start_share(float decay, std::uint64_t updates);

/// Checks one network, within the bounds of health_bounds.h. Throws std::out_of_range if the parameters or
/// the population's statistics are those of another network.
HealthReport check_health(const HealthFacts& facts);
/// Checks one network with the statistics of each domain. Findings of all domains come once, others with the
/// name of their domain. Throws likewise.
HealthReport check_health(const std::vector<HealthFacts>& domains);

/// The names of kinds and severities in health.json.
inline constexpr auto finding_kinds = words_of<FindingKind>(
    "never_updated", "start_left", "lagging", "small_variance", "dead_channel", "output_difference",
    "small_batch", "cancelled_bias", "never_answered", "dead_unit", "dropout_shift");
inline constexpr auto severities = words_of<Severity>("information", "warning", "fault");

/// "healthy", "1 warning", "2 faults and 1 warning": without findings for information only.
std::string verdict(const HealthReport& report);

}  // namespace shadenet
