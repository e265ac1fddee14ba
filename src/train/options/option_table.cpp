#include "train/options/option_table.h"

#include <variant>

namespace shadenet {

namespace {

/// A function that finds the member in any options.
#define SHADENET_AT(member) [](TrainOptions& options) -> OptionPlace { return &options.member; }

constexpr OptionGroup pictures_group = OptionGroup::pictures, training_group = OptionGroup::training,
                      network_group = OptionGroup::network, run_group = OptionGroup::run;
constexpr OptionFacts a_place{.study = StudyUse::place, .task = OptionTask::pairs};

bool changes_rate(const TrainOptions& options) {
    return options.schedule.kind != ScheduleKind::constant;
}
bool has_rate(const TrainOptions& options) {
    return changes_rate(options) && options.schedule.rate >= 0.0f;
}
bool has_range(const TrainOptions& options) {
    return !options.network.two_layer.range.is_unit();
}
bool has_padding(const TrainOptions& options) {
    return options.network.two_layer.padding != PicturePadding::zero;
}
bool is_aligned(const TrainOptions& options) {
    return options.align;
}
bool has_shares(const TrainOptions& options) {
    return options.shares > 1;
}
bool is_padded(const TrainOptions& options) {
    return options.crop_pad > 0;
}
bool has_domains(const TrainOptions& options) {
    return !options.domains.empty();
}

bool takes_crops(const TrainOptions& options) {
    return options.takes_crops();
}
bool learns_classes(const TrainOptions& options) {
    return options.learns_classes();
}
bool may_flip(const TrainOptions& options) {
    return options.takes_crops() || (options.learns_classes() && options.flip);
}

// clang-format off
constexpr Option table[] = {
    {"--input", "input", SHADENET_AT(input), pictures_group, "DIR", "pictures before the filter (needed)",
     {.study = StudyUse::place, .task = OptionTask::pairs, .place_in_help = 1}},
    {"--target", "target", SHADENET_AT(target), pictures_group, "DIR", "the same pictures after it (needed)",
     {.study = StudyUse::place, .task = OptionTask::pairs, .place_in_help = 1}},
    {"--validation-input", "validation_input", SHADENET_AT(validation_input), pictures_group, "DIR",
     "pictures kept apart, to see how well it does on others", a_place},
    {"--validation-target", "validation_target", SHADENET_AT(validation_target), pictures_group, "DIR",
     "the same after the filter", a_place},
    {"--test", "test", SHADENET_AT(test), pictures_group, "DIR",
     "pictures to filter in the end, for you to look at", a_place},
    {"--data", "labelled", SHADENET_AT(labelled), pictures_group, "DIR",
     "instead of both: labelled pictures, to learn their classes from", {.absent = "", .study = StudyUse::place,
     .is_kept = learns_classes, .place_in_help = 1}},
    {"--split", "split", SHADENET_AT(split), pictures_group, "A:B:C",
     "of --data: pictures or shares to train, validate and test on; auto: a tenth validates", {.absent = "auto",
     .compared_as = "split", .is_kept = learns_classes, .task = OptionTask::classes, .place_in_help = 2}},
    {"--pool", "pool", SHADENET_AT(pool), pictures_group, "",
     "put all parts of --data together before they are split", {.absent = "false", .compared_as = "pool",
     .is_kept = learns_classes, .task = OptionTask::classes, .place_in_help = 2}},
    {"--coarse", "coarse", SHADENET_AT(coarse), pictures_group, "",
     "the 20 coarse classes of CIFAR-100, not the 100 fine ones", {.absent = "false", .compared_as = "coarse",
     .is_kept = learns_classes, .task = OptionTask::classes, .place_in_help = 2}},
    {"--output", "output", SHADENET_AT(output), run_group, "DIR",
     "a new folder for model, pictures and history (needed)", {.study = StudyUse::study, .place_in_help = 1}},
    {"--init", "init", SHADENET_AT(init), run_group, "FILE", "a trained model to begin with",
     {.study = StudyUse::place, .place_in_help = 1}},
    {"--resume", "", SHADENET_AT(resume), run_group, "",
     "go on with the run in --output, with its own options", {.study = StudyUse::study, .place_in_help = 1}},
    {"--changed-data", "", SHADENET_AT(changed_data), run_group, "",
     "with --resume: go on even where the pictures are others now", {.study = StudyUse::same,
     .place_in_help = 1}},
    {"--network", "", SHADENET_AT(network.asked), network_group, "NAME|FILE|TEXT",
     "two-layer or dncnn, with --data mlp, mlp-dropout, mlp-sigmoid or all-cnn; a file with the layers, or they themselves", {.shown_default = "two-layer",
     .place_in_help = 1}},
    {"--hidden", "network hidden", SHADENET_AT(network.two_layer.hidden), network_group, "N",
     "channels between the layers, 1 to 1024", {.reference = "16", .shapes = Shapes::both,
     .place_in_help = 1}},
    {"--depth", "", SHADENET_AT(network.two_layer.depth), network_group, "N",
     "convolutions of dncnn, 2 to 64", {.shapes = Shapes::dncnn, .place_in_help = 1}},
    {"--kernel", "network kernel", SHADENET_AT(network.two_layer.kernel), network_group, "N",
     "width of a layer's window in pixels: 1, 3, 5 or 7", {.reference = "3", .shapes = Shapes::two_layer,
     .place_in_help = 1}},
    {"--activation", "network activation", SHADENET_AT(network.two_layer.activation), network_group, "NAME",
     "after the first layer: none, relu, leaky_relu, tanh, sigmoid or elu", {.reference = "none",
     .shapes = Shapes::two_layer, .place_in_help = 1}},
    {"--norm", "network norm", SHADENET_AT(network.two_layer.norm), network_group, "NAME",
     "batch norm: before the activation, after it, or none; in any --network", {.reference = "before",
     .shapes = Shapes::norms, .place_in_help = 1}},
    {"--padding", "network padding", SHADENET_AT(network.two_layer.padding), network_group, "NAME",
     "beyond a picture's edges: its outermost pixels (edge), its mirror image (reflect) or zero", {.absent = "zero",
     .reference = "zero", .is_kept = has_padding, .shapes = Shapes::both, .place_in_help = 1}},
    {"--no-residual", "network residual", SHADENET_AT(network.two_layer.residual), network_group, "",
     "learn the picture, not what changes in it", {.reference = "true", .shapes = Shapes::two_layer}},
    {"--decay", "network decay", SHADENET_AT(network.two_layer.decay), network_group, "D",
     "memory of the moving statistics; 1 - PyTorch's momentum", {.reference = "0.9", .shapes = Shapes::norms}},
    {"--epsilon", "network epsilon", SHADENET_AT(network.two_layer.epsilon), network_group, "E",
     "added to the variance by batch norm", {.reference = "1e-05", .shapes = Shapes::norms}},
    {"--no-center", "network center", SHADENET_AT(network.two_layer.center), network_group, "",
     "batch norm without beta: every channel keeps the mean 0", {.absent = "true", .reference = "true",
     .shapes = Shapes::norms}},
    {"--no-scale", "network scale", SHADENET_AT(network.two_layer.scale), network_group, "",
     "batch norm without gamma: every channel keeps the deviation 1", {.absent = "true", .reference = "true",
     .shapes = Shapes::norms}},
    {"--range", "network range", SHADENET_AT(network.two_layer.range), network_group, "LOW..HIGH",
     "its black and white, where an --init has others", {.absent = "0..1", .reference = "0..1",
     .is_kept = has_range, .shapes = Shapes::both, .place_in_help = 1}},
    {"--optimizer", "optimizer kind", SHADENET_AT(optimizer.kind), training_group, "NAME",
     "how to step: adam, amsgrad, momentum or sgd", {.reference = "adam", .compared_as = "optimizer",
     .metadata = "optimizer", .place_in_help = 3}},
    {"--lr", "optimizer learning_rate", SHADENET_AT(optimizer.learning_rate), training_group, "RATE",
     "learning rate: the size of a step", {.reference = "0.001", .compared_as = "lr",
     .metadata = "learning_rate", .place_in_help = 2}},
    {"", "optimizer beta1", SHADENET_AT(optimizer.beta1), training_group, "", "", {.reference = "0.9",
     .compared_as = "beta1", .metadata = "optimizer_beta1"}},
    {"", "optimizer beta2", SHADENET_AT(optimizer.beta2), training_group, "", "", {.reference = "0.999",
     .compared_as = "beta2", .metadata = "optimizer_beta2"}},
    {"", "optimizer epsilon", SHADENET_AT(optimizer.epsilon), training_group, "", "", {.reference = "1e-08",
     .compared_as = "optimizer-epsilon", .metadata = "optimizer_epsilon"}},
    {"", "optimizer momentum", SHADENET_AT(optimizer.momentum), training_group, "", "", {.reference = "0.9",
     .compared_as = "momentum", .metadata = "optimizer_momentum"}},
    {"--weight-decay", "optimizer weight_decay", SHADENET_AT(optimizer.weight_decay), training_group, "D",
     "each step draws weights to 0 by this share, times the rate", {.absent = "0", .reference = "0",
     .compared_as = "weight-decay", .metadata = "optimizer_weight_decay"}},
    {"--epochs", "epochs", SHADENET_AT(epochs), training_group, "N", "how often to go through all pictures",
     {.reference = "5", .place_in_help = 1}},
    {"--steps", "", SHADENET_AT(steps), training_group, "N",
     "in place of --epochs: steps in all, a multiple of --epoch-steps", {.shown_default = ""}},
    {"--epoch-steps", "epoch_steps", SHADENET_AT(epoch_steps), training_group, "N",
     "make so many steps an epoch, wherever a pass over the pictures ends; 0: a pass", {.absent = "0",
     .reference = "0", .compared_as = "epoch-steps", .metadata = "epoch_steps"}},
    {"--batch", "batch", SHADENET_AT(batch), training_group, "N", "pictures or crops in a step; 0: all of them",
     {.reference = "0", .compared_as = "batch", .metadata = "batch"}},
    {"--drop-last", "drop_last", SHADENET_AT(drop_last), training_group, "",
     "leave a smaller last batch of a pass out", {.absent = "false", .reference = "false",
     .compared_as = "drop-last", .metadata = "drop_last"}},
    {"--in-order", "in_order", SHADENET_AT(in_order), training_group, "",
     "take pictures in their order, and not in another one each time", {.absent = "false",
     .reference = "false", .compared_as = "in-order", .metadata = "in_order"}},
    {"--shares", "shares", SHADENET_AT(shares), training_group, "N",
     "divide every step into so many sums, for as many machines or fewer; 0: one for each", {.absent = "1",
     .compared_as = "shares", .is_kept = has_shares}},
    {"--resize", "resize", SHADENET_AT(resize), pictures_group, "",
     "learn from pictures resized to squares of --size, not from crops of them", {.absent = "true",
     .reference = "true", .compared_as = "resize", .task = OptionTask::pairs}},
    {"--size", "size", SHADENET_AT(size), pictures_group, "PIXELS",
     "side of the crops or squares; 0: whole pictures, all of one size", {.reference = "512",
     .compared_as = "size"}},
    {"--crops", "crops", SHADENET_AT(crops), pictures_group, "N", "crops of every picture in an epoch",
     {.absent = "1", .compared_as = "crops", .is_kept = takes_crops, .of_crops = true, .task = OptionTask::pairs}},
    {"--flip", "flip", SHADENET_AT(flip), pictures_group, "",
     "mirror half of the crops, or of labelled pictures", {.absent = "false", .compared_as = "flip",
     .is_kept = may_flip, .of_crops = true}},
    {"--crop-pad", "crop_pad", SHADENET_AT(crop_pad), pictures_group, "PIXELS",
     "labelled pictures: put so many zeros around each, and cut at a random place", {.absent = "0",
     .reference = "0", .compared_as = "crop-pad", .metadata = "crop_pad", .is_kept = is_padded,
     .task = OptionTask::classes}},
    {"--align", "align", SHADENET_AT(align), pictures_group, "",
     "move targets onto inputs that they lie beside, by whole pixels", {.absent = "false",
     .reference = "false", .compared_as = "align", .is_kept = is_aligned, .task = OptionTask::pairs}},
    {"--seed", "seed", SHADENET_AT(seed), training_group, "N",
     "begins the random numbers; the same seed, the same result", {.compared_as = "seed", .metadata = "seed",
     .study = StudyUse::same}},
    {"--weights", "weights", SHADENET_AT(start.weights), training_group, "RULE",
     "how they begin: reference, he, glorot or truncated:DEVIATION", {.absent = "reference",
     .reference = "reference", .compared_as = "weights"}},
    {"--biases", "biases", SHADENET_AT(start.biases), training_group, "VALUE",
     "where those of convolutions and dense layers begin", {.absent = "0", .reference = "0",
     .compared_as = "biases"}},
    {"--beta-spread", "beta_spread", SHADENET_AT(start.beta_spread), training_group, "S",
     "norms before an activation begin with betas from -S to S", {.absent = "0", .reference = "0",
     .compared_as = "beta-spread"}},
    {"--schedule", "schedule kind", SHADENET_AT(schedule.kind), training_group, "NAME",
     "the learning rate: constant, cosine or exponential", {.absent = "constant", .reference = "constant"}},
    {"--schedule-rate", "schedule rate", SHADENET_AT(schedule.rate), training_group, "R",
     "cosine: what is left in the end (0); exponential: a factor (0.96)", {.absent = "-1", .reference = "-1",
     .is_kept = has_rate, .shown_default = ""}},
    {"--schedule-steps", "schedule steps", SHADENET_AT(schedule.steps), training_group, "N",
     "in how many steps; 0: those of the whole run", {.absent = "0", .reference = "0",
     .is_kept = changes_rate}},
    {"--staircase", "schedule staircase", SHADENET_AT(schedule.staircase), training_group, "",
     "exponential: change only after whole --schedule-steps", {.absent = "false", .reference = "false",
     .is_kept = changes_rate}},
    {"--debias", "debias", SHADENET_AT(debias), network_group, "",
     "moving statistics without their start at 0 and 1", {.absent = "false", .reference = "false",
     .compared_as = "debias"}},
    {"--freeze-norm", "freeze_norm", SHADENET_AT(freeze_norm), network_group, "EPOCH|SHARE%",
     "from then on use and keep the moving statistics; 50%: after half of the epochs; 0: never", {.absent = "0", .reference = "0",
     .compared_as = "freeze-norm"}},
    {"--zero-init-residual", "zero_init_residual", SHADENET_AT(zero_init_residual), network_group, "",
     "begin the last gamma at 0: the untrained filter changes nothing", {.absent = "false",
     .reference = "false", .compared_as = "zero-init-residual", .task = OptionTask::pairs}},
    {"--validate-every", "validate_every", SHADENET_AT(validate_every), training_group, "STEPS",
     "validate within epochs too, this often; 0: not", {.absent = "0", .reference = "0"}},
    {"--early-stop", "early_stop", SHADENET_AT(early_stop), training_group, "PATIENCE",
     "end after so many validations without a better; 0: never", {.absent = "0", .reference = "0"}},
    {"--no-solve", "solve", SHADENET_AT(solve), training_group, "",
     "keep the last layer as trained, where solving it would do better", {.absent = "false",
     .reference = "false", .task = OptionTask::pairs}},
    {"--evaluate-both", "evaluate_both", SHADENET_AT(evaluate_both), training_group, "",
     "of --data: each epoch score it by its own statistics too, beside the moving ones", {.absent = "false",
     .compared_as = "evaluate-both", .is_kept = learns_classes, .task = OptionTask::classes}},
    {"--histograms", "histograms", SHADENET_AT(histograms), run_group, "",
     "keep distributions of the norms' inputs and outputs", {.absent = "false", .study = StudyUse::same}},
    {"--tensorboard", "tensorboard", SHADENET_AT(tensorboard), run_group, "",
     "write event files for TensorBoard into --output", {.absent = "false", .study = StudyUse::same}},
    {"--plan", "plan", SHADENET_AT(plan), run_group, "NAME", "how steps are run: auto, fused or stack",
     {.absent = "auto", .compared_as = "plan", .place_in_help = 2}},
    {"", "tiles", SHADENET_AT(tiles), run_group, "", "", {.absent = ""}},
    {"--stream", "streams", SHADENET_AT(domains), pictures_group, "NAME=DIR:DIR",
     "instead of both: pairs of one kind, with their own statistics", {.absent = "", .compared_as = "streams",
     .study = StudyUse::place, .is_kept = has_domains, .task = OptionTask::pairs, .place_in_help = 1}},
};
// clang-format on

#undef SHADENET_AT

}  // namespace

std::span<const Option> option_table() {
    return table;
}

bool Option::is_switch() const {
    return std::holds_alternative<bool*>(place_in(TrainOptions()));
}

bool Option::is_idle(const NetworkChoice& choice) const {
    if (facts.shapes == Shapes::nothing) return false;
    if (facts.shapes == Shapes::norms && !choice.asked.empty()) return false;
    const bool dncnn = choice.asked == "dncnn";
    const bool two_layer = choice.asked == "two-layer" || (choice.asked.empty() && !choice.given);
    return !((dncnn && facts.shapes != Shapes::two_layer) || (two_layer && facts.shapes != Shapes::dncnn));
}

OptionPlace Option::place_in(const TrainOptions& options) const {
    return place(const_cast<TrainOptions&>(options));
}

std::string Option::text(const TrainOptions& options) const {
    return text_of(place_in(options));
}

void Option::copy(const TrainOptions& from, TrainOptions& to) const {
    copy_value(place_in(from), place(to));
}

std::map<std::string, std::string> run_identity(const TrainOptions& options) {
    std::map<std::string, std::string> values;
    for (const Option& option : option_table()) {
        if (option.facts.compared_as == nullptr) continue;
        const bool is_kept = option.facts.is_kept == nullptr || option.facts.is_kept(options);
        std::string text = is_kept ? option.text(options) : "";
        if (is_kept && option.is_switch()) text = text == "true" ? "yes" : "no";
        values[option.facts.compared_as] = text.empty() ? "(none)" : text;
    }
    values["schedule"] = describe(options.schedule);
    return values;
}

std::map<std::string, std::string> absent_checkpoint_entries() {
    std::map<std::string, std::string> entries;
    for (const Option& option : option_table()) {
        const OptionFacts& facts = option.facts;
        if (facts.metadata != nullptr && facts.absent != nullptr) entries[facts.metadata] = facts.absent;
    }
    return entries;
}

std::map<std::string, std::string> checkpoint_entries(const TrainOptions& options) {
    std::map<std::string, std::string> entries;
    for (const Option& option : option_table()) {
        if (option.facts.metadata != nullptr) entries[option.facts.metadata] = option.text(options);
    }
    return entries;
}

}  // namespace shadenet
