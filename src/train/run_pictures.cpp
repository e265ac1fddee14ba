#include "train/run_pictures.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/error.h"
#include "data/picture_pairs.h"
#include "engine/picture_filter.h"
#include "image/image.h"
#include "image/picture_file.h"
#include "model/named_statistics.h"
#include "train/logs/floor.h"
#include "train/run_folder.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

void write_result(const RunPictures& run, const char* kind, const std::string& stem, const Image& result,
                  const Metadata& colours) {
    const fs::path path = run.folder.picture(kind, stem);
    const auto finite = [](float value) { return std::isfinite(value); };
    if (!std::all_of(result.values.begin(), result.values.end(), finite)) {
        throw BadResult(fmt::format(
            "{}: not written: what the network makes of it is no number any more; the last checkpoint is "
            "kept; try a smaller --lr, with another --output",
            path.string()));
    }
    write_png(path, result, colours);
}

/// Of a picture that is not of training: its own colours, or the targets' where the network converts to them.
Metadata colours_of_result(const RunPictures& run, const Metadata& own) {
    if (run.training.profiles().colours().converts) return run.training.profiles().of_results();
    Metadata colours;
    colours.icc = own.icc;
    colours.icc_name = own.icc_name;
    colours.png_colour = own.png_colour;
    return colours;
}

}  // namespace

void write_before(const RunPictures& run, const Network& network,
                  const std::function<Parameters()>& untrained, bool missing_only) {
    std::optional<PictureFilter> filter;
    for (std::uint32_t i = 0; i < run.training.size() && !run.stop; ++i) {
        const std::string& stem = run.training.stems()[i];
        if (missing_only && fs::exists(run.folder.picture("before", stem))) continue;
        if (!filter) filter.emplace(run.device, network, untrained());
        write_result(run, "before", stem, filter->apply(run.training.input_picture(i)),
                     run.training.profiles().of_results());
    }
}

bool write_after(const RunPictures& run, const Model& model, InnerLoss* inner) {
    std::optional<PictureFilter> filter;
    std::uint32_t stream = 0;
    for (std::uint32_t i = 0; i < run.training.size(); ++i) {
        if (run.stop) return false;
        if (!filter || stream != run.training.domain_of(i)) {
            stream = run.training.domain_of(i);
            filter.emplace(
                run.device, model.network,
                stream == 0 ? model.parameters : with_statistics(model.parameters, model.sets[stream]));
        }
        const Image after = filter->apply(run.training.input_picture(i));
        write_result(run, "after", run.training.stems()[i], after, run.training.profiles().of_results());
        if (inner != nullptr) inner->add(after, run.training.target_picture(i));
    }
    return true;
}

bool write_tests(const RunPictures& run, const Model& model, const std::vector<fs::path>& pictures) {
    if (pictures.empty()) return true;
    PictureFilter filter(run.device, model.network, model.parameters);
    for (const fs::path& picture : pictures) {
        if (run.stop) return false;
        const FilePicture file = PictureReader(picture).decode();
        write_result(run, "test", picture.stem().string(), filter.apply(to_image(file, picture)),
                     colours_of_result(run, file.metadata));
    }
    return true;
}

}  // namespace shadenet
