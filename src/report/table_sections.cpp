#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"
#include "report/axis.h"
#include "report/html.h"
#include "report/sections.h"

namespace shadenet {

namespace {

/// Not by short_number(): more digits make the values of a column easier to compare.
std::string cell(double value) {
    return fmt::format("<td>{:.5g}</td>", value);
}

std::string tensor_row(const NamedTensor& tensor) {
    double least = 0, most = 0, squares = 0;
    for (const float value : tensor.values) {
        least = &value == tensor.values.data() ? value : std::min<double>(least, value);
        most = &value == tensor.values.data() ? value : std::max<double>(most, value);
        squares += static_cast<double>(value) * value;
    }
    return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td>{}{}{}</tr>", tensor.name,
                       fmt::join(tensor.shape, " × "), cell(least), cell(most), cell(std::sqrt(squares)));
}

/// Of all layers but norms.
std::string tensor_table(const Parameters& parameters, const std::vector<BatchNorm>& norms) {
    std::string rows;
    for (const NamedTensor& tensor : parameters.tensors()) {
        const bool of_norm = std::ranges::any_of(
            norms, [&](const BatchNorm& norm) { return tensor.name.starts_with(norm.name + "."); });
        if (!of_norm) rows += tensor_row(tensor);
    }
    return "<div "
           "class=\"scroll\"><table><caption>Weights and "
           "biases</caption><thead><tr><th>tensor</th><th>shape</th>"
           "<th>smallest</th><th>largest</th><th>norm</th></tr></thead><tbody>" +
           rows + "</tbody></table></div>";
}

std::string norm_table(const BatchNorm& norm, const Parameters& parameters) {
    const auto values = [&](const char* name) {
        return std::span<const float>(parameters.at(fmt::format("{}.{}", norm.name, name)).values);
    };
    const auto gamma = values("weight"), beta = values("bias");
    const auto mean = values("running_mean"), variance = values("running_var");
    const std::uint32_t shown = std::min(norm.channels, most_channels_drawn);
    std::string html = fmt::format(
        "<div class=\"scroll\"><table><caption>{}{}</caption><thead><tr><th>channel</th><th>γ</th><th>β</th>"
        "<th>moving mean</th><th>moving variance</th></tr></thead><tbody>",
        norm.name, shown < norm.channels ? fmt::format(", {} of {} channels", shown, norm.channels) : "");
    for (std::uint32_t c = 0; c < shown; ++c) {
        html += fmt::format("<tr><th scope=\"row\">{}</th>{}{}{}{}</tr>", c, cell(gamma[c]), cell(beta[c]),
                            cell(mean[c]), cell(variance[c]));
    }
    return html + "</tbody></table></div>";
}

std::string parameter_section(const RunRecord& run) {
    if (!run.parameters) {
        return "<section><h2>Parameters</h2><p>The run has saved none yet.</p></section>\n";
    }
    std::string html = fmt::format(
        "<section><h2>Parameters</h2><p>The network has {} that training moves, and {} of moving "
        "statistics.</p><div class=\"tables\">{}",
        counted(run.parameters->trainable_values(), "number"),
        counted(run.parameters->statistic_values(), "number"),
        tensor_table(*run.parameters, norms_of(run.architecture())));
    for (const BatchNorm& norm : norms_of(run.architecture())) html += norm_table(norm, *run.parameters);
    return html + "</div></section>\n";
}

/// PyTorch's momentum, in float and as people would write it: 0.1, not 0.0999999642.
std::string momentum(float decay) {
    return short_number(1.0 - decay, 6);
}

/// A remark for rates that the user changed during the run.
std::string changed_when(const RunRecord& run) {
    if (run.options.changes.empty()) return "";
    return run.options.changes.front().step > 0 ? " at first" : ", changed before the first step";
}

/// What a setting means, if its value does not tell.
std::string remark(const RunRecord& run, const std::string& name, const std::string& value) {
    if (name == "optimizer learning_rate") return changed_when(run);
    if (name == "network decay") {
        return fmt::format("{} (PyTorch's momentum: {})", changed_when(run),
                           momentum(run.options.network.two_layer.decay));
    }
    if (name == "batch" && value == "0") return " (all pictures in one step)";
    if (name == "size" && value == "0") return " (the pictures' own)";
    return value.empty() ? "–" : "";
}

std::string change_rows(const RunRecord& run) {
    std::string html;
    for (const RateChange& change : run.options.changes) {
        html += fmt::format("<tr><th scope=\"row\">from step {}</th><td>learning rate {}", change.step,
                            short_number(change.rates.learning_rate, 6));
        if (const auto& decay = change.rates.decay) {
            html += fmt::format(", decay {} (momentum {})", short_number(*decay, 6), momentum(*decay));
        }
        html += "</td></tr>";
    }
    return html;
}

std::string settings_section(const RunRecord& run) {
    std::string html = "<section><h2>Settings</h2><div class=\"scroll\"><table class=\"settings\"><tbody>";
    for (const auto& [name, value] : run.settings) {
        if (name == "changes") {
            html += change_rows(run);
            continue;
        }
        std::string words = name;
        std::replace(words.begin(), words.end(), '_', ' ');
        html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}{}</td></tr>", escaped(words), escaped(value),
                            remark(run, name, value));
    }
    return html + "</tbody></table></div></section>\n";
}

}  // namespace

std::string table_sections(const RunRecord& run) {
    return parameter_section(run) + settings_section(run);
}

}  // namespace shadenet
