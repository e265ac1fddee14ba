#include <cstring>
#include <string_view>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "image/revision.h"

namespace shadenet {

namespace {

enum class Action { none, width, height, upright, thumbnail, pictures, place };

/// What to do with a namespace's properties of this name, or with all whose names begin with it.
struct Rule {
    std::string_view uri, name;
    bool is_prefix;
    Action action;
};

constexpr std::string_view tiff_uri = "http://ns.adobe.com/tiff/1.0/";
constexpr std::string_view exif_uri = "http://ns.adobe.com/exif/1.0/";
constexpr std::string_view xmp_uri = "http://ns.adobe.com/xap/1.0/";
constexpr std::string_view camera_uri = "http://ns.google.com/photos/1.0/camera/";

constexpr Rule rules[] = {
    {tiff_uri, "ImageWidth", false, Action::width},
    {tiff_uri, "ImageLength", false, Action::height},
    {tiff_uri, "Orientation", false, Action::upright},
    {exif_uri, "PixelXDimension", false, Action::width},
    {exif_uri, "PixelYDimension", false, Action::height},
    {exif_uri, "SubjectArea", false, Action::place},
    {exif_uri, "SubjectLocation", false, Action::place},
    {xmp_uri, "Thumbnails", false, Action::thumbnail},
    {xmp_uri, "PageInfo", false, Action::thumbnail},
    {"http://ns.adobe.com/xap/1.0/g/img/", "", true, Action::thumbnail},
    {"http://ns.adobe.com/hdr-gain-map/1.0/", "", true, Action::pictures},
    {"http://ns.google.com/photos/1.0/image/", "", true, Action::pictures},
    {"http://ns.google.com/photos/1.0/depthmap/", "", true, Action::pictures},
    {"http://ns.google.com/photos/1.0/container/", "", true, Action::pictures},
    {camera_uri, "MicroVideo", true, Action::pictures},
    {camera_uri, "MotionPhoto", true, Action::pictures},
    {"http://www.metadataworkinggroup.com/schemas/regions/", "Regions", false, Action::place},
    {"http://ns.microsoft.com/photo/1.2/", "RegionInfo", false, Action::place},
    {"http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "ImageRegion", false, Action::place},
};

/// Collects facts about a document before it is changed, without recursion.
class Survey : public pugi::xml_tree_walker {
  public:
    /// Every prefix and the namespaces that it means anywhere in the document; "" is the default namespace.
    std::vector<std::pair<std::string, std::string_view>> prefixes;
    bool is_too_deep = false;

    bool for_each(pugi::xml_node& node) override {
        for (const pugi::xml_attribute attribute : node.attributes()) {
            std::string_view name = attribute.name();
            if (name != "xmlns" && !name.starts_with("xmlns:")) continue;
            name.remove_prefix(std::min<std::size_t>(name.size(), 6));
            for (const Rule& rule : rules) {
                if (rule.uri != attribute.value()) continue;
                const std::pair meant(std::string(name), rule.uri);
                if (std::ranges::find(prefixes, meant) == prefixes.end()) prefixes.push_back(meant);
            }
        }
        constexpr int most_depth = 200;  // deeper than any real document, but harmless for the stack
        is_too_deep = depth() > most_depth;
        return !is_too_deep;
    }
};

std::string_view local_name(std::string_view name) {
    return name.substr(name.find(':') + 1);  // the whole name if there is no colon
}

class XmpRevision {
  public:
    XmpRevision(const Survey& survey, Revision& revision) : survey_(survey), revision_(revision) {}

    void revise(pugi::xml_node element) {
        const bool has_properties =
            local_name(element.name()) == "Description" && local_name(element.parent().name()) == "RDF";
        for (pugi::xml_attribute attribute = element.first_attribute(), next; attribute; attribute = next) {
            next = attribute.next_attribute();
            const bool has_prefix = std::strchr(attribute.name(), ':') != nullptr;
            const Action action = has_prefix ? action_of(attribute.name()) : Action::none;
            if (is_removed(action)) {
                element.remove_attribute(attribute);
            } else if (has_properties && is_corrected(action, attribute.value())) {
                attribute.set_value(value_of(action).c_str());
            }
        }
        for (pugi::xml_node child = element.first_child(), next; child; child = next) {
            next = child.next_sibling();
            const Action action = child.type() == pugi::node_element ? action_of(child.name()) : Action::none;
            if (is_removed(action)) {
                element.remove_child(child);
            } else if (has_properties && is_corrected(action, child.child_value())) {
                child.remove_children();
                child.append_child(pugi::node_pcdata).set_value(value_of(action).c_str());
            } else {
                revise(child);
            }
        }
    }

    bool has_changed() const { return has_changed_; }

  private:
    Action action_of(std::string_view name) const {
        const std::size_t colon = name.find(':');
        const std::string_view prefix = colon == std::string_view::npos ? "" : name.substr(0, colon);
        for (const auto& [known, uri] : survey_.prefixes) {
            if (known != prefix) continue;
            for (const Rule& rule : rules) {
                if (rule.uri != uri) continue;
                const std::string_view local = local_name(name);
                if (rule.is_prefix ? local.starts_with(rule.name) : local == rule.name) return rule.action;
            }
        }
        return Action::none;
    }

    /// Whether a property has another value than it should.
    bool is_corrected(Action action, std::string_view value) {
        const std::string right = value_of(action);
        const bool is_wrong = !right.empty() && right != value;
        has_changed_ = has_changed_ || is_wrong;
        return is_wrong;
    }

    /// Also notes what is removed.
    bool is_removed(Action action) {
        if (action == Action::thumbnail) revision_.leave_out_thumbnail();
        if (action == Action::pictures) revision_.leave_out_pictures();
        const bool is_lost_place = action == Action::place && revision_.is_turned();
        if (is_lost_place) revision_.leave_out_places();
        const bool is_gone = action == Action::thumbnail || action == Action::pictures || is_lost_place;
        has_changed_ = has_changed_ || is_gone;
        return is_gone;
    }

    std::string value_of(Action action) const {
        if (action == Action::width) return fmt::format("{}", revision_.width);
        if (action == Action::height) return fmt::format("{}", revision_.height);
        return action == Action::upright ? "1" : "";
    }

    const Survey& survey_;
    Revision& revision_;
    bool has_changed_ = false;
};

class TextWriter : public pugi::xml_writer {
  public:
    std::string text;
    void write(const void* data, std::size_t size) override {
        text.append(static_cast<const char*>(data), size);
    }
};

}  // namespace

bool revise_xmp(std::string& packet, Revision& revision) {
    std::string_view text = packet;
    while (text.ends_with('\0')) text.remove_suffix(1);
    pugi::xml_document document;
    constexpr unsigned kept = pugi::parse_full | pugi::parse_ws_pcdata;
    if (!document.load_buffer(text.data(), text.size(), kept, pugi::encoding_utf8)) return false;
    Survey survey;
    document.traverse(survey);
    if (survey.is_too_deep) return false;
    XmpRevision work(survey, revision);
    work.revise(document);
    if (!work.has_changed()) return true;
    TextWriter writer;
    document.save(writer, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
    packet = std::move(writer.text);
    return true;
}

}  // namespace shadenet
