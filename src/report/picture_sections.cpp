#include <algorithm>

#include <fmt/format.h>

#include "base/counted.h"
#include "report/html.h"
#include "report/sections.h"

namespace shadenet {

namespace {

std::string article(const ShownSet& set, bool test) {
    return fmt::format("<article class=\"set\"><h3>{}</h3><div class=\"views\">{}{}{}{}</div></article>\n",
                       escaped(set.stem), picture_figure(set.input, set.stem, "input", "input"),
                       picture_figure(set.before, set.stem, "before", "before training"),
                       picture_figure(set.after, set.stem, "after", test ? "filtered" : "after training"),
                       picture_figure(set.target, set.stem, "target", "target"));
}

/// "6 of 40 pairs are shown.", and how many are left out because they are too large.
std::string choice(const std::vector<ShownSet>& shown, std::size_t all, const std::string& what,
                   std::size_t too_large) {
    std::string text;
    if (shown.size() != all) {
        text = fmt::format(" {} of {} {} shown.", shown.size(), counted(all, what),
                           shown.size() == 1 ? "is" : "are");
    }
    if (too_large > 0) {
        text += fmt::format(
            " {} {} too large for this page; the folder images/ of the run has what the "
            "network made.",
            counted(too_large, what), too_large == 1 ? "is" : "are");
    }
    const auto bare = std::ranges::count_if(shown, &ShownSet::originals_too_large);
    if (bare > 0) {
        text += fmt::format(" Of {} the pictures that the run was given are too large for this page.",
                            counted(static_cast<std::uint64_t>(bare), what));
    }
    return text;
}

}  // namespace

std::string picture_figure(const std::optional<ShownPicture>& picture, const std::string& stem,
                           const char* kind, const char* caption) {
    if (!picture) return "";
    return fmt::format(
        "<figure data-kind=\"{}\"><img{} width=\"{}\" height=\"{}\" alt=\"{}: {}\" src=\"{}\">"
        "<figcaption>{}</figcaption></figure>",
        kind, picture->pixelated ? " class=\"small\"" : "", picture->width, picture->height, escaped(stem),
        caption, picture->uri, caption);
}

std::string picture_section(const char* title, const std::string& text, const std::vector<ShownSet>& sets,
                            bool test) {
    std::string html =
        fmt::format("<section class=\"pictures\"><h2>{}</h2><p>{}</p><div class=\"sets\">", title, text);
    for (const ShownSet& set : sets) html += article(set, test);
    return html + "</div></section>\n";
}

std::string picture_sections(const RunRecord& run, const ShownPictures& pictures) {
    if (run.options.learns_classes()) return "";
    if (run.pairs.empty()) {
        return "<section><h2>Pictures</h2><p>The run has written no pictures yet.</p></section>\n";
    }
    std::string html = picture_section(
        "Pictures it learned from",
        "The input, what the network made of it before any training and after it, and the target that it was "
        "to reach." +
            choice(pictures.pairs, run.pairs.size(), "pair", pictures.pairs_too_large),
        pictures.pairs);
    if (run.tests.empty()) return html;
    return html + picture_section(
                      "Pictures it never saw",
                      "Training used none of these: they show whether the filter was learned, and not only "
                      "the pictures." +
                          choice(pictures.tests, run.tests.size(), "test picture", pictures.tests_too_large),
                      pictures.tests, true);
}

}  // namespace shadenet
