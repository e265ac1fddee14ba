#include <fmt/format.h>

#include "apply/filter_stages.h"
#include "image/colour_profile.h"

namespace shadenet {

std::vector<std::string> give_colours(FilePicture& picture, const ModelColours& model) {
    std::vector<std::string> notes;
    const ColourProfile own = colour_profile(picture.metadata);
    if (model.input && model.input->id != own.id) {
        const ColourProfile learned{model.input->name, model.input->id};
        notes.push_back(
            fmt::format("its picture is in {}, and the model learned from pictures in {}: convert "
                        "it to that first",
                        to_string(own), to_string(learned)));
    }
    if (!model.converts || !model.target) return notes;
    const ColourProfile target{model.target->name, model.target->id};
    if (!put_profile(picture.metadata, target, model.target_icc, picture.grey)) {
        notes.push_back(fmt::format("is in {}, whose profile it cannot hold", to_string(target)));
    }
    return notes;
}

}  // namespace shadenet
