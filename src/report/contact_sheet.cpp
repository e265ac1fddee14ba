#include "report/contact_sheet.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"
#include "pairs/pair_text.h"
#include "report/html.h"
#include "report/page.h"
#include "report/sections.h"

namespace shadenet {

namespace {

/// Three of them and their bytes as text, for 40 pairs, stay below 6 MB.
constexpr std::uint32_t sheet_side = 224;

Image difference_of(const Image& input, const Image& target) {
    Image difference = resize(target, input.width, input.height);
    for (std::size_t i = 0; i < difference.values.size(); ++i) {
        difference.values[i] = 0.5f + (difference.values[i] - input.values[i]) / 2;
    }
    return difference;
}

std::string findings_list(std::span<const PairFinding> findings) {
    if (findings.empty()) return "<p>Nothing is found that would spoil what is learned from them.</p>";
    std::string items;
    for (const PairFinding& finding : findings) {
        items += finding_item(to_string(finding.weight), finding.what, finding.remedy);
    }
    return fmt::format("<ul class=\"health\">{}</ul>", items);
}

/// The findings about one pair.
std::vector<const PairFinding*> of_pair(std::span<const PairFinding> findings, std::uint32_t pair) {
    std::vector<const PairFinding*> found;
    for (const PairFinding& finding : findings) {
        if (std::ranges::find(finding.pairs, pair) != finding.pairs.end()) found.push_back(&finding);
    }
    return found;
}

std::string sheet_article(const SheetPair& shown, const std::string& name, const PairLook& look,
                          const std::vector<const PairFinding*>& findings) {
    std::vector<std::string> words;
    for (const PairFinding* finding : findings) words.push_back(escaped(finding->name));
    const std::string marks = words.empty() ? "" : fmt::format(": <b>{}</b>", fmt::join(words, ", "));
    return fmt::format(
        "<article class=\"set {}\"><h3>{}{}</h3><p class=\"device\">{}</p><div class=\"views\">{}{}{}</div>"
        "</article>\n",
        findings.empty() ? "" : to_string(findings.front()->weight), escaped(name), marks,
        escaped(describe(look)), picture_figure(shown.input, name, "input", "before"),
        picture_figure(shown.target, name, "target", "after"),
        picture_figure(shown.difference, name, "difference", "after less before: grey where they are equal"));
}

}  // namespace

SheetPair sheet_pair(std::uint32_t pair, const Image& input, const Image& target) {
    const double scale = std::min(1.0, sheet_side / static_cast<double>(std::max(input.width, input.height)));
    const auto scaled = [&](std::uint32_t length) {
        return std::max(1u, static_cast<std::uint32_t>(scale * length));
    };
    const Image small = resize(input, scaled(input.width), scaled(input.height));
    return {pair, small_picture(small, sheet_side), small_picture(target, sheet_side),
            small_picture(difference_of(small, target), sheet_side)};
}

std::vector<std::uint32_t> sheet_order(std::span<const PairFinding> findings, std::size_t pairs) {
    std::vector<std::uint32_t> order;
    std::vector<bool> taken(pairs, false);
    const auto take = [&](std::uint32_t pair) {
        if (order.size() == most_sheet_pairs || taken.at(pair)) return;
        taken.at(pair) = true;
        order.push_back(pair);
    };
    for (const PairFinding& finding : findings) std::ranges::for_each(finding.pairs, take);
    for (std::uint32_t i = 0; i < pairs; ++i) take(i);
    return order;
}

std::string contact_sheet(const std::string& from, std::span<const PairFinding> findings,
                          std::span<const PairLook> looks, const std::vector<std::string>& names,
                          std::span<const SheetPair> shown) {
    std::string articles;
    for (const SheetPair& one : shown) {
        articles += sheet_article(one, names.at(one.pair), looks[one.pair], of_pair(findings, one.pair));
    }
    const std::string heading = fmt::format(
        "<header><h1>Pairs before training</h1><p class=\"lead\">{} of <i>{}</i>, looked at before they are "
        "learned from.</p></header>",
        counted(looks.size(), "pair"), escaped(from));
    const std::string choice =
        shown.size() < looks.size() ? fmt::format(" {} of {} are shown.", shown.size(), looks.size()) : "";
    return html_page(
        "Pairs before training", heading,
        fmt::format(
            "<section><h2>Findings</h2>{}</section>\n<section class=\"sheet\"><h2>Pairs</h2><p>Those with "
            "the worst findings come first.{}</p><div class=\"sets\">{}</div></section>\n",
            findings_list(findings), choice, articles));
}

}  // namespace shadenet
