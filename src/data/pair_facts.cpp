#include "data/pair_facts.h"

#include <cstddef>

#include "group/text_fields.h"

namespace shadenet {

namespace {

template <class Facts, class Each>
void each_fact(Facts& of_file, Each& each) {
    each(of_file.width);
    each(of_file.height);
    each(of_file.notes);
    each(of_file.profile.name);
    each(of_file.profile.id);
}

template <class Record, class Each>
void each_text(Record& record, Each& each) {
    each(record.name);
    each(record.input);
    each(record.target);
}

}  // namespace

void append_texts(Texts& texts, const PairFacts& facts) {
    TextWriter write(texts);
    each_text(facts.record, write);
    each_fact(facts.input, write);
    each_fact(facts.target, write);
    write(facts.shift.has_value() ? 1 : 0);
    const PixelShift shift = facts.shift.value_or(PixelShift{});
    write(shift.x);
    write(shift.y);
    write(facts.whole_levels ? 1 : 0);
    write(
        std::string(reinterpret_cast<const char*>(facts.target_profile.data()), facts.target_profile.size()));
}

std::vector<PairFacts> pair_facts_in(const Texts& texts) {
    std::vector<PairFacts> all;
    TextReader read(texts);
    while (!read.is_at_end()) {
        PairFacts& facts = all.emplace_back();
        each_text(facts.record, read);
        each_fact(facts.input, read);
        each_fact(facts.target, read);
        int has_shift = 0, whole = 0;
        PixelShift shift;
        read(has_shift);
        read(shift.x);
        read(shift.y);
        if (has_shift == 1) facts.shift = shift;
        read(whole);
        facts.whole_levels = whole == 1;
        std::string profile;
        read(profile);
        const auto* const bytes = reinterpret_cast<const std::byte*>(profile.data());
        facts.target_profile.assign(bytes, bytes + profile.size());
    }
    return all;
}

}  // namespace shadenet
