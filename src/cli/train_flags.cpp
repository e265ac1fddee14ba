#include "cli/train_flags.h"

#include <cctype>
#include <filesystem>
#include <string>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "cli/help.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

constexpr const char* pictures_group =
    "Pictures (PNG, JPEG, BMP or TGA; before and after are paired by name)";
constexpr const char* training_group = "Training";
constexpr const char* network_group = "Network (the defaults are the reference network)";
constexpr const char* run_group = "Run";

/// Where a colon parts folders, from `begin` on: one that belongs to a drive, as in C:\photos, does not.
std::size_t parting_colon(const std::string& text, std::size_t begin) {
    for (std::size_t at = text.find(':', begin); at != text.npos; at = text.find(':', at + 1)) {
        const bool after_letter = at == begin + 1 && std::isalpha(static_cast<unsigned char>(text[begin]));
        const bool before_slash = at + 1 < text.size() && (text[at + 1] == '\\' || text[at + 1] == '/');
        if (!after_letter || !before_slash) return at;
    }
    return text.npos;
}

/// "night=photos/night:edited/night".
Stream stream_from(const std::string& text) {
    const std::size_t sign = text.find('=');
    const std::size_t colon = sign == text.npos ? text.npos : parting_colon(text, sign + 1);
    if (colon == text.npos || parting_colon(text, colon + 1) != text.npos) {
        throw InputError(fmt::format(
            "--stream is {}; use NAME=INPUT:TARGET, a name and two folders without colons in them",
            in_quotes(text)));
    }
    return {text.substr(0, sign), text.substr(sign + 1, colon - sign - 1), text.substr(colon + 1)};
}

/// Adds flags that write into one TrainOptions, and remembers how to copy each into another.
class FlagAdder {
  public:
    FlagAdder(CLI::App& command, TrainFlags& flags) : command_(command), flags_(flags) {}

    void group(const char* name) { group_ = name; }

    template <typename Access>
    CLI::Option* folder(const char* name, Access access, const char* text) {
        const auto store = [access, this_flags = &flags_](const std::string& value) {
            access(this_flags->options) = value;
        };
        return remember(command_.add_option_function<std::string>(name, store, text), access)
            ->type_name("DIR");
    }

    template <typename Access>
    CLI::Option* value(const char* name, Access access, const char* type, const char* text) {
        auto& target = access(flags_.options);
        CLI::Option* option = command_.add_option(name, target, text)->capture_default_str()->type_name(type);
        using Value = std::remove_reference_t<decltype(target)>;
        if constexpr (std::is_arithmetic_v<Value>) option->check(number_validator<Value>());
        return remember(option, access);
    }

    /// A choice that `read` makes from a word. Its InputError for any other begins with the flag's name
    /// without dashes.
    template <typename Access, typename Read>
    CLI::Option* choice(const char* name, Access access, Read read, const char* standard, const char* text) {
        const auto store = [access, read, this_flags = &flags_](const std::string& word) {
            try {
                access(this_flags->options) = read(word);
            } catch (const InputError& error) {
                throw InputError(fmt::format("--{}", error.what()));
            }
        };
        CLI::Option* option = command_.add_option_function<std::string>(name, store, text);
        return remember(option->default_str(standard)->type_name("NAME"), access);
    }

    template <typename Access>
    void switch_to(bool on, const char* name, Access access, const char* text) {
        // Of --flag=false the count is negative.
        const auto store = [access, on, this_flags = &flags_](std::int64_t count) {
            access(this_flags->options) = count > 0 ? on : !on;
        };
        remember(command_.add_flag_function(name, store, text), access);
    }

    void plain_switch(const char* name, bool& target, const char* text) {
        command_.add_flag(name, target, text)->group(group_);
    }

    /// --stream, any number of times.
    void streams() {
        const auto store = [this_flags = &flags_](const std::vector<std::string>& texts) {
            std::vector<Stream> streams;
            for (const std::string& text : texts) streams.push_back(stream_from(text));
            this_flags->options.streams = std::move(streams);
        };
        CLI::Option* option = command_.add_option_function<std::vector<std::string>>(
            "--stream", store, "instead of both: pairs of one kind, with their own statistics");
        option->type_name("NAME=DIR:DIR")->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        remember(
            option, [](auto& options) -> auto& { return options.streams; });
    }

  private:
    template <typename Access>
    CLI::Option* remember(CLI::Option* option, Access access) {
        const auto copy = [access, this_flags = &flags_](TrainOptions& to) {
            access(to) = access(this_flags->options);
        };
        flags_.copies.emplace_back(option, copy);
        return option->group(group_);
    }

    CLI::App& command_;
    TrainFlags& flags_;
    std::string group_;
};

// An access is a lambda that finds one member in any TrainOptions.
#define SHADENET_MEMBER(member)  \
    [](auto& options) -> auto& { \
        return options.member;   \
    }

void add_pictures(FlagAdder& add) {
    add.group(pictures_group);
    add.folder("--input", SHADENET_MEMBER(input), "pictures before the filter (needed)");
    add.folder("--target", SHADENET_MEMBER(target), "the same pictures after it (needed)");
    add.streams();
    add.folder("--validation-input", SHADENET_MEMBER(validation_input),
               "pictures kept apart, to see how well it does on others");
    add.folder("--validation-target", SHADENET_MEMBER(validation_target), "the same after the filter");
    add.folder("--test", SHADENET_MEMBER(test), "pictures to filter in the end, for you to look at");
    add.value("--size", SHADENET_MEMBER(size), "PIXELS",
              "resize pictures to squares of this side; 0 keeps their size");
}

void add_schedule(FlagAdder& add) {
    add.choice("--schedule", SHADENET_MEMBER(schedule.kind), schedule_kind, "constant",
               "the learning rate: constant, cosine or exponential");
    add.value("--schedule-rate", SHADENET_MEMBER(schedule.rate), "R",
              "cosine: what is left in the end (0); exponential: a factor (0.96)")
        ->check([](const std::string& text) {
            // The options' own word for the usual rate is a negative number.
            return text.starts_with('-') ? fmt::format("\"{}\" is not a number from 0 to 1", text) : "";
        })
        ->default_str("");
    add.value("--schedule-steps", SHADENET_MEMBER(schedule.steps), "N",
              "in how many steps; 0: those of the whole run");
    add.switch_to(true, "--staircase", SHADENET_MEMBER(schedule.staircase),
                  "exponential: change only after whole --schedule-steps");
}

void add_training(FlagAdder& add, TrainFlags& flags) {
    add.group(training_group);
    flags.epochs =
        add.value("--epochs", SHADENET_MEMBER(epochs), "N", "how often to go through all pictures");
    flags.learning_rate = add.value("--lr", SHADENET_MEMBER(optimizer.learning_rate), "RATE",
                                    "learning rate: the size of a step");
    add.choice("--optimizer", SHADENET_MEMBER(optimizer.kind), optimizer_kind, "adam",
               "how to step: adam, amsgrad, momentum or sgd");
    add.value("--batch", SHADENET_MEMBER(batch), "N", "pictures in a step; 0: all of them");
    add.value("--seed", SHADENET_MEMBER(seed), "N",
              "begins the random numbers; the same seed, the same result");
    add_schedule(add);
    add.value("--validate-every", SHADENET_MEMBER(validate_every), "STEPS",
              "validate within epochs too, this often; 0: not");
    add.value("--early-stop", SHADENET_MEMBER(early_stop), "PATIENCE",
              "end after so many validations without a better; 0: never");
    add.plain_switch("--reference", flags.reference,
                     "the reference's own short run: 5 epochs at learning rate 0.001");
}

void add_network(FlagAdder& add) {
    add.group(network_group);
    add.value("--hidden", SHADENET_MEMBER(network.two_layer.hidden), "N",
              "channels between the layers, 1 to 1024");
    add.value("--kernel", SHADENET_MEMBER(network.two_layer.kernel), "N",
              "width of a layer's window in pixels: 1, 3, 5 or 7");
    add.value("--activation", SHADENET_MEMBER(network.two_layer.activation), "NAME",
              "after the first layer: none, relu, leaky_relu or tanh");
    add.choice("--norm", SHADENET_MEMBER(network.two_layer.norm), norm_placement, "before",
               "batch norm: before the activation, after it, or none");
    add.choice("--range", SHADENET_MEMBER(network.two_layer.range), pixel_range, "0..1",
               "its black and white, where an --init has others")
        ->type_name("LOW..HIGH");
    add.switch_to(false, "--no-residual", SHADENET_MEMBER(network.two_layer.residual),
                  "learn the picture, not what changes in it");
    add.value("--decay", SHADENET_MEMBER(network.two_layer.decay), "D",
              "memory of the moving statistics; 1 - PyTorch's momentum");
    add.value("--epsilon", SHADENET_MEMBER(network.two_layer.epsilon), "E",
              "added to the variance by batch norm");
    add.switch_to(false, "--no-center", SHADENET_MEMBER(network.two_layer.center),
                  "batch norm without beta: every channel keeps the mean 0");
    add.switch_to(false, "--no-scale", SHADENET_MEMBER(network.two_layer.scale),
                  "batch norm without gamma: every channel keeps the deviation 1");
    add.switch_to(true, "--debias", SHADENET_MEMBER(debias),
                  "moving statistics without their start at 0 and 1");
    add.value("--freeze-norm", SHADENET_MEMBER(freeze_norm), "EPOCH",
              "from then on use and keep the moving statistics; 0: never");
    add.switch_to(true, "--zero-init-residual", SHADENET_MEMBER(zero_init_residual),
                  "begin the last gamma at 0: the untrained filter changes nothing");
}

void add_run(FlagAdder& add, CLI::App& command, TrainFlags& flags) {
    add.group(run_group);
    add.folder("--output", SHADENET_MEMBER(output), "a new folder for model, pictures and history (needed)");
    add.folder("--init", SHADENET_MEMBER(init), "a trained model to begin with")->type_name("FILE");
    add.switch_to(true, "--resume", SHADENET_MEMBER(resume),
                  "go on with the run in --output, with its own options");
    add.switch_to(true, "--changed-data", SHADENET_MEMBER(changed_data),
                  "with --resume: go on even where the pictures are others now");
    command.add_option("--device", flags.device, "the GPU: a number, a part of its name, or cpu")
        ->type_name("DEVICE")
        ->group(run_group);
    add.choice("--plan", SHADENET_MEMBER(plan), plan_kind, "auto",
               "how steps are run: auto, fused or layerwise");
    add.switch_to(true, "--histograms", SHADENET_MEMBER(histograms),
                  "keep distributions of the norms' inputs and outputs");
    add.switch_to(true, "--tensorboard", SHADENET_MEMBER(tensorboard),
                  "write event files for TensorBoard into --output");
    add.plain_switch("--no-tune", flags.no_tune,
                     "do not measure which tiles of the fused plan are fastest here");
    add.plain_switch("-q,--quiet", flags.quiet, "only warnings, errors and the summary");
    add.plain_switch("-v,--verbose", flags.verbose,
                     "lines for every epoch, with every channel, on a terminal too");
}

#undef SHADENET_MEMBER

void set_reference(const TrainFlags& flags, TrainOptions& options) {
    if (!flags.reference) return;
    if (flags.epochs->count() == 0) options.epochs = TrainOptions::reference_epochs;
    if (flags.learning_rate->count() == 0) {
        options.optimizer.learning_rate = TrainOptions::reference_learning_rate;
    }
}

TrainOptions resumed(const TrainFlags& flags) {
    const std::filesystem::path& folder = flags.options.output;
    if (folder.empty()) throw InputError("--resume needs --output, the folder of the run to go on with");
    const std::filesystem::path config = folder / "config.json";
    if (!std::filesystem::exists(config)) {
        throw InputError(fmt::format(
            "{}: holds no run to resume (there is no config.json); leave --resume out to begin one",
            folder.string()));
    }
    TrainOptions options = read_config(config);
    for (const auto& [option, copy] : flags.copies) {
        if (option->count() > 0) copy(options);
    }
    return options;
}

}  // namespace

void add_train_flags(CLI::App& command, TrainFlags& flags) {
    FlagAdder add(command, flags);
    add_pictures(add);
    add_training(add, flags);
    add_network(add);
    add_run(add, command, flags);
}

TrainOptions given_options(const TrainFlags& flags) {
    TrainOptions options = flags.options;
    set_reference(flags, options);
    return options;
}

TrainOptions resolve(const TrainFlags& flags) {
    TrainOptions options = flags.options.resume ? resumed(flags) : flags.options;
    set_reference(flags, options);
    validate(options);
    return options;
}

}  // namespace shadenet
