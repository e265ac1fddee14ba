#include "apply/outcome_texts.h"

#include <cstddef>

#include <fmt/format.h>

#include "base/number.h"

namespace shadenet {

namespace {

class TextWriter {
  public:
    explicit TextWriter(std::vector<std::string>& texts) : texts_(texts) {}
    template <class Value>
    void operator()(const Value& value) {
        texts_.push_back(fmt::format("{}", value));
    }
    void operator()(const std::filesystem::path& path) { texts_.push_back(path.string()); }

  private:
    std::vector<std::string>& texts_;
};

class TextReader {
  public:
    explicit TextReader(const std::vector<std::string>& texts) : texts_(texts) {}
    bool is_at_end() const { return at_ == texts_.size(); }
    template <class Number>
    void operator()(Number& number) {
        number = number_in<Number>(texts_.at(at_++)).value_or(Number{});
    }
    void operator()(std::string& text) { text = texts_.at(at_++); }
    void operator()(std::filesystem::path& path) { path = texts_.at(at_++); }

  private:
    const std::vector<std::string>& texts_;
    std::size_t at_ = 0;
};

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
    write(outcome.notes.size());
    for (const std::string& note : outcome.notes) write(note);
    write(outcome.answer ? 1 : 0);
    if (outcome.answer) each_field_of_answer(*outcome.answer, write);
}

void read_texts(const std::vector<std::string>& texts, std::vector<PictureOutcome>& outcomes) {
    TextReader read(texts);
    while (!read.is_at_end()) {
        PictureOutcome& outcome = outcomes.emplace_back();
        int status = 0;
        std::size_t notes = 0;
        read(status);
        outcome.status = static_cast<PictureStatus>(status);
        each_field(outcome, read);
        read(notes);
        outcome.notes.resize(notes);
        for (std::string& note : outcome.notes) read(note);
        int answers = 0;
        read(answers);
        if (answers > 0) each_field_of_answer(outcome.answer.emplace(), read);
    }
}

}  // namespace shadenet
