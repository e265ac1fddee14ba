// shadenet manual: what the build makes the man page and the completions of shells with; help does not list
// it.
#include "base/error.h"
#include "base/words.h"
#include "cli/commands.h"
#include "cli/manual.h"
#include "cli/output.h"

namespace shadenet {

namespace {

enum class ManualKind { man, bash, zsh, fish };
constexpr auto manual_words = words_of<ManualKind>("man", "bash", "zsh", "fish");

std::string manual_text(const CLI::App& program, const std::string& word) {
    const std::optional<ManualKind> kind = manual_words.value(word);
    if (!kind) {
        throw InputError(
            fmt::format("\"{}\" is no form of the manual; use {}", word, manual_words.choices()));
    }
    switch (*kind) {
        case ManualKind::man:
            return manual_page(program, "shadenet " SHADENET_VERSION);
        case ManualKind::bash:
            return bash_completion(program);
        case ManualKind::zsh:
            return zsh_completion(program);
        case ManualKind::fish:
            return fish_completion(program);
    }
    return "";
}

}  // namespace

void add_manual_command(CLI::App& program) {
    CLI::App* command = program.add_subcommand("manual", "Write the man page, or a shell's completion");
    command->group("");
    const auto form = std::make_shared<std::string>("man");
    command->add_option("FORM", *form, manual_words.choices())->type_name("")->capture_default_str();
    command->callback([form, &program] { write_output(manual_text(program, *form)); });
}

}  // namespace shadenet
