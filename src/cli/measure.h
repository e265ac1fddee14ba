// What `shadenet stats` and `shadenet adapt` have in common: a model whose statistics are measured over a
// folder, and written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/model_file.h"
#include "statistics/population.h"

namespace CLI {
class App;
}

namespace shadenet {

/// What the command line says. Must stay in place from add_measure_flags() on: the parser writes into it.
struct MeasureFlags {
    std::string model, range, input, output, device;
    std::uint32_t size = 0;  ///< 0: pictures keep theirs
    bool recursive = false, overwrite = false;
};

/// The pictures of a folder, sorted; or the one file, which must be readable then. What is passed over is
/// said. Throws InputError where there is none.
std::vector<std::filesystem::path> listed_pictures(const std::filesystem::path& input, bool recursive);

/// --size; `what` it resizes, for the help.
void add_size_flag(CLI::App& command, MeasureFlags& flags, const std::string& what);
/// MODEL, --input, --recursive, --size and --device.
void add_measure_flags(CLI::App& command, MeasureFlags& flags);
/// --output and --overwrite; `what` the file is, for the help.
void add_output_flags(CLI::App& command, MeasureFlags& flags, const std::string& what);

/// The model of `flags`. Throws InputError also for one without norms, and for a classifier that does not
/// name its classes.
Model read_measured_model(const MeasureFlags& flags);

/// Throws InputError unless the model can be written in the end: in place only where nothing is lost by that
/// (no checkpoint, and no file of another program), or to an output that is another file, and not there yet
/// unless it may be replaced; and in a folder that takes files.
void check_output(const MeasureFlags& flags);

/// What is to be done with the pictures once they are measured, on the same device.
using AfterMeasuring = std::function<void(const Device&, PictureSource&, const Population&)>;

/// So many of them are left out; nothing is said of none.
void warn_of_unreadable(std::size_t unreadable, std::size_t pictures);

/// Opens the device of the flags; one of software is announced where nobody asked for it.
std::unique_ptr<Device> open_device(const MeasureFlags& flags);

/// Over all pictures of the input, with a bar of progress; those that cannot be read are said and left out.
/// For a classifier measured_set.h says how pictures are read. `after` is about filters: a classifier's
/// measurement does not call it. The ranks of `work`, which this begins, share the pictures.
/// None when interrupted, or when another rank has failed. Throws as measure_population() does, and
/// InputError for an input without pictures.
std::optional<Population> measure_pictures(const MeasureFlags& flags, const Model& model, SharedWork& work,
                                           const AfterMeasuring& after = {});
/// What a command ends with that has measured none.
int exit_without_population();
/// Of another rank: measures its part of what measure_pictures() measures. Returns its exit code.
int follow_measurement(const MeasureFlags& flags);

/// Reads the model again, so that what was written to it meanwhile stays, changes it and writes it to the
/// output, or in place without one; returns where. Throws WorkError when its weights are no longer those that
/// were measured.
std::filesystem::path change_model(const MeasureFlags& flags, const Model& measured,
                                   const std::function<void(Model&)>& change);

}  // namespace shadenet
