#include "model/model_colours.h"

#include <utility>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/error.h"

namespace shadenet {

namespace {

using Entries = std::map<std::string, std::string>;

constexpr const char *input_key = "input_profile", *target_key = "target_profile",
                     *differ_key = "profiles_differ", *icc_key = "target_profile_icc";

std::string id_key(const std::string& key) {
    return key + "_id";
}

void append_profile(Entries& metadata, const char* key, const std::optional<ProfileName>& profile) {
    if (!profile) return;
    metadata[key] = profile->name;
    metadata[id_key(key)] = profile->id;
}

std::optional<ProfileName> profile_from(const Entries& metadata, const char* key) {
    const auto name = metadata.find(key), id = metadata.find(id_key(key));
    if (name == metadata.end() || id == metadata.end()) return std::nullopt;
    return ProfileName{name->second, id->second};
}

[[noreturn]] void refuse(const std::string& source, const char* key, const char* accepted) {
    throw InputError(
        fmt::format("{}: its metadata '{}' should be {}; correct it, or take it out", source, key, accepted));
}

}  // namespace

void append_colours(Entries& metadata, const ModelColours& colours) {
    append_profile(metadata, input_key, colours.input);
    append_profile(metadata, target_key, colours.target);
    if (colours.converts) metadata[differ_key] = "true";
    if (!colours.target_icc.empty()) metadata[icc_key] = to_base64(colours.target_icc);
}

ModelColours colours_from(const Entries& metadata, const std::string& source) {
    ModelColours colours{profile_from(metadata, input_key), profile_from(metadata, target_key)};
    if (const auto differ = metadata.find(differ_key); differ != metadata.end()) {
        if (differ->second != "true" && differ->second != "false") {
            refuse(source, differ_key, "true or false");
        }
        colours.converts = differ->second == "true";
    }
    if (const auto icc = metadata.find(icc_key); icc != metadata.end()) {
        std::optional<std::vector<std::byte>> bytes = from_base64(icc->second);
        if (!bytes || bytes->size() > most_profile_bytes) refuse(source, icc_key, "Base64 of up to 1 MiB");
        colours.target_icc = *std::move(bytes);
    }
    return colours;
}

}  // namespace shadenet
