// Small pictures, and folders and runs made of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "model/network.h"
#include "model/presets.h"
#include "process.h"

namespace shadenet::test {

/// A colourful picture that differs from one `variant` to the next.
void write_picture(const std::filesystem::path& path, std::uint32_t width, std::uint32_t height, int variant);
/// The same in grey.
void write_grey_picture(const std::filesystem::path& path, std::uint32_t width, std::uint32_t height,
                        int variant);

/// A folder with three pairs of 24 x 18 pixels in before/ and after/, and a picture of 31 x 7 in more/.
class Pictures {
  public:
    Pictures();
    std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    /// Flags of a training run on the pairs, at their own size, into the folder run/.
    Arguments train(const Arguments& more = {}) const;
    /// The pixels of run/model.safetensors do not matter: trains for an epoch.
    std::string trained_model() const;
    /// Flags of apply with made_model(), which must be there.
    Arguments apply(const std::string& input, const std::string& output, const Arguments& more = {}) const;
    /// An untrained model in made.safetensors, which is quick to make; it changes every picture a little.
    std::string made_model(const NetworkOptions& network = {}) const;
    /// How many files and folders there are in all.
    std::size_t entries() const;

  private:
    TemporaryFolder folder_;
};

/// The outcome of a command while `disk` in the folder is an empty file system of that size, "256k", whose
/// files are then copied to `copy`. None, with a warning, where none can be mounted; with CI set that fails.
std::optional<Outcome> run_on_small_disk(const Pictures& pictures, const Arguments& command,
                                         const std::string& size, const Environment& environment = {});

/// All files below a folder: their names, relative to it, and their contents.
std::map<std::string, std::string> contents(const std::filesystem::path& folder);

/// What a run leaves, but for what tells of its folder and the time: config.json, the report, and the seconds
/// of history.csv.
std::map<std::string, std::string> left_by(const std::filesystem::path& run);

/// The outcome of a refusal: exit code 2, one line, which holds `part`, and nothing new in `pictures`.
/// An empty text when it is one, what is wrong otherwise.
std::string unlike_refusal(const Pictures& pictures, const Arguments& arguments, const std::string& part,
                           const Environment& environment = {});

}  // namespace shadenet::test
