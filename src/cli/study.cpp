// shadenet study: the same pictures learned in several ways, several times, and compared.
#include "study/study.h"

#include <atomic>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/shown_tuner.h"
#include "cli/study_display.h"
#include "cli/study_flags.h"
#include "gpu/device.h"

namespace shadenet {

namespace {

int run_study(const StudyFlags& flags) {
    const TrainFlags& train = flags.train;
    set_log_level(train.verbose, train.quiet);
    const bool resume = train.options.resume;
    std::vector<std::string> notes;
    const StudyRecord record = resume ? record_to_resume(flags) : StudyRecord{plan_of(flags, notes), {}};
    const auto device = Device::open(train.device);
    StudyDisplay display(record.plan, device->info(), device->reason(),
                         {train.quiet, train.verbose, !train.device.empty()});
    for (const std::string& note : notes) display.on_note(note);
    const std::atomic<bool>& stop = stop_on_interrupt();
    const ShownTuner tuner(!train.no_tune, train.quiet, &stop);
    const auto choose_tiles = [&](const Device& used, const Network& network, PlanKind plan,
                                  const Shape& batch) { return tuner.choose(used, network, plan, batch); };
    const RunEnd end = resume ? resume_study(*device, record, display, stop, choose_tiles)
                              : run_study(*device, record.plan, display, stop, choose_tiles);
    const StudyResult result = results_of(read_study(record.plan.folder));
    display.summary(result, end);
    if (end == RunEnd::stopped) return exit_after_interrupt();
    return result.failed() > 0 ? exit_failure : exit_fine;
}

}  // namespace

void add_study_command(CLI::App& program, int& exit_code) {
    const auto [command, flags] =
        add_command(program, "study", "Learn the same pictures in several ways, several times, and compare",
                    exit_code, run_study);
    add_study_flags(command, flags);
    command.footer(
        "Ready-made, each to be changed by --vary and by flags:\n"
        "  placement   --vary norm=none,before,after, with --activation relu: without an\n"
        "              activation, before and after it are the same place\n"
        "  optimizer   no norm with adam; norm with adam; norm with amsgrad\n"
        "  decay       --vary decay=0.9,0.99,0.999\n"
        "  batch       --vary batch=1,2,all\n"
        "  seed2       the same as optimizer, of --data: --network all-cnn with --flip\n"
        "Flags without a value are varied by yes and no: --vary debias=no,yes\n"
        "Example:\n"
        "  shadenet study --vary norm=none,before --vary optimizer=adam,amsgrad \\\n"
        "      --repeat 3 --input photos --target photos_in_grey --output norms\n"
        "  shadenet study placement --data mnist --network mlp --output placement\n"
        "Ctrl-C saves and stops; go on with  shadenet study --resume --output norms\n"
        "More repeats for a study that is done:\n"
        "  shadenet study --resume --repeat 5 --output norms");
}

}  // namespace shadenet
