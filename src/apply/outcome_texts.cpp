#include "apply/outcome_texts.h"

#include "group/text_fields.h"

namespace shadenet {

namespace {

/// All but the status, the notes and the answer.
template <class Outcome, class Each>
void each_field(Outcome& outcome, Each& each) {
    each(outcome.input);
    each(outcome.output);
    each(outcome.width);
    each(outcome.height);
    each(outcome.input_bytes);
    each(outcome.output_bytes);
    each(outcome.milliseconds);
    each(outcome.message);
}

template <class Answer, class Each>
void each_field_of_answer(Answer& answer, Each& each) {
    each(answer.label);
    each(answer.runner_up);
    each(answer.probability);
    each(answer.runner_up_probability);
    each(answer.truth);
}

}  // namespace

void append_texts(std::vector<std::string>& texts, const PictureOutcome& outcome) {
    TextWriter write(texts);
    write(static_cast<int>(outcome.status));
    each_field(outcome, write);
    write(outcome.notes);
    write(outcome.answer ? 1 : 0);
    if (outcome.answer) each_field_of_answer(*outcome.answer, write);
}

void read_texts(const std::vector<std::string>& texts, std::vector<PictureOutcome>& outcomes) {
    TextReader read(texts);
    while (!read.is_at_end()) {
        PictureOutcome& outcome = outcomes.emplace_back();
        int status = 0;
        read(status);
        outcome.status = static_cast<PictureStatus>(status);
        each_field(outcome, read);
        read(outcome.notes);
        int answers = 0;
        read(answers);
        if (answers > 0) each_field_of_answer(outcome.answer.emplace(), read);
    }
}

}  // namespace shadenet
