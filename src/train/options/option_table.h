// Every option of a run, described once. The flags, --help, config.json, what a resumed run is compared by,
// a checkpoint's metadata, the axes of a study and --reference are read off this table.
#pragma once

#include <map>
#include <span>
#include <string>

#include "train/options/option_value.h"

namespace shadenet {

enum class OptionGroup { pictures, training, network, run };

/// What a study does with an option.
enum class StudyUse {
    axis,   ///< its variants may differ in it
    same,   ///< all its runs have the same, or the study gives each its own
    place,  ///< where pictures or a model are: a study that goes on takes it again, for they may have moved
    study,  ///< means the study itself
};

/// What the option is about: a run on pairs of pictures, one on labelled pictures, or both.
enum class OptionTask { both, pairs, classes };

/// Which presets the option shapes.
enum class Shapes {
    nothing,
    two_layer,
    dncnn,
    both,
    norms,  ///< these, and the norms of any network that --network names
};

/// What is said of an option beside its place and its meaning. A text of values is as read_text() takes it.
struct OptionFacts {
    /// What a config.json or a checkpoint without the key means: that of a version before the option,
    /// whatever its default is by now. Null: every one has the key.
    const char* absent = nullptr;
    const char* reference = nullptr;  ///< what --reference sets; null: it leaves the option alone
    /// By what name a resumed run is compared with the one that it goes on with; null: it may differ, or is
    /// compared with others, as the network and the schedule are.
    const char* compared_as = nullptr;
    const char* metadata = nullptr;  ///< the key of a checkpoint, which must be the same too; null: none
    StudyUse study = StudyUse::axis;
    /// Whether config.json has the key; null: always.
    bool (*is_kept)(const TrainOptions&) = nullptr;
    const char* shown_default = nullptr;  ///< by --help, where it is not the default's text
    Shapes shapes = Shapes::nothing;
    bool of_crops = false;  ///< has no effect where examples are no crops
    OptionTask task = OptionTask::both;
    int place_in_help = 9;  ///< the lower, the earlier among the flags of the group
};

struct Option {
    /// "--lr"; a flag "--no-scale" stands for false. Empty for what only config.json tells.
    const char* flag;
    const char* key;  ///< in config.json, "optimizer learning_rate" for a value in an object; may be empty
    OptionPlace (*place)(TrainOptions&);
    OptionGroup group;
    const char* type;  ///< of the flag's value, for --help: "RATE"; empty for a switch
    const char* help;
    OptionFacts facts{};

    /// "lr", for a flag.
    std::string name() const { return flag[0] == '\0' ? "" : flag + 2; }
    /// Is a flag that says the contrary of the option: --no-scale.
    bool is_contrary() const { return name().starts_with("no-"); }
    bool is_switch() const;
    /// Has no effect on the network that is chosen, which has its layers from elsewhere.
    bool is_idle(const NetworkChoice& choice) const;
    /// Only to be read.
    OptionPlace place_in(const TrainOptions& options) const;
    std::string text(const TrainOptions& options) const;
    void copy(const TrainOptions& from, TrainOptions& to) const;
};

/// In the order of config.json.
std::span<const Option> option_table();

/// What must not change in the course of a run, by the names that messages call it; the network and the
/// pictures aside.
std::map<std::string, std::string> run_identity(const TrainOptions& options);
/// What the options add to a checkpoint's metadata; the network, and what is known of the pictures, aside.
std::map<std::string, std::string> checkpoint_entries(const TrainOptions& options);
/// What checkpoints of earlier versions mean by the entries that they lack.
std::map<std::string, std::string> absent_checkpoint_entries();

}  // namespace shadenet
