"""What the engine's keys mean in words, marked for translation: `%(name)s` is filled from the values beside the key."""

from assessments.grading.messages import N_

# Printed with the item, so that a candidate knows the rule before answering (Kind.credit_rule).
CREDIT_RULES = {
    "one_right": N_("One answer is right. It earns the point."),
    "per_option": N_(
        "Each option judged rightly earns an equal share of the point, each misjudged one takes such a share away. "
        "The score never falls below zero; an empty answer earns nothing."
    ),
    "all_or_nothing_options": N_("The point is earned by choosing all the right options and no other."),
    "per_pair": N_("Each right pair earns an equal share of the point. A wrong pair takes nothing away."),
    "all_or_nothing_pairs": N_("The point is earned when every pair is right."),
    "adjacent_pairs": N_(
        "You earn an equal share of the point for each step that directly follows the step it should follow."
    ),
    "all_or_nothing_steps": N_("The point is earned when the whole order is right."),
    "number": N_(
        "The point is earned by a number that is right or lies within the margin set for the question. "
        "Write the number only; a decimal point and a decimal comma are both read."
    ),
    "accepted_list": N_(
        "The point is earned by a word or phrase on the list of accepted answers. Capital letters, spaces and the "
        "form of apostrophes make no difference; spelling does."
    ),
    "number_and_unit": N_(
        "The point is earned by a number with its unit that is right or lies within the margin set for the question. "
        "A decimal point and a decimal comma are both read; any of the units may be used."
    ),
    "number_half_for_unit": N_(
        "The point is earned by a number with its unit that is right or lies within the margin set for the question. "
        "The right number with a wrong unit earns half of it."
    ),
    "by_hand": N_("A person marks your answer by the aspects named here."),
    "all_or_nothing": N_("The point is earned when every part is right."),
    "per_part": N_("Each part that is right earns an equal share of the point. A wrong part takes nothing away."),
    "per_part_options": N_(
        "Each option judged rightly, chosen or left as it should be, earns an equal share of the point. "
        "An empty answer earns nothing."
    ),
    "plus_minus": N_(
        "Each part that is right earns an equal share of the point, each wrong one takes such a share away. "
        "The score never falls below zero; a part left open takes nothing away."
    ),
    "halves": N_(
        "Everything right earns the point. One part wrong or left open leaves half of it, more than one leaves nothing."
    ),
    "halves_options": N_(
        "Exactly the right options earn the point. One option misjudged leaves half of it, more than one nothing."
    ),
    "longest_run": N_(
        "Your longest unbroken stretch of steps in the right order counts: the more steps it holds, the more of the "
        "point you earn. A single step is no stretch."
    ),
    "exact_positions": N_("Each step that stands in exactly its place earns an equal share of the point."),
}

# TopicBand.word
BANDS = {
    "to_study": N_("To study again"),
    "nearly_there": N_("Nearly there"),
    "sound": N_("Sound"),
    "strong": N_("Strong"),
}

# Reason.code of a requirement or a block
REASONS = {
    "lessons.read": N_("All %(of)s lessons read."),
    "lessons.unread": N_("%(read)s of %(of)s lessons read."),
    "exam.reached": N_("Best result %(best)s %%; %(minimum)s %% needed."),
    "exam.below": N_("Best result so far %(best)s %%; %(minimum)s %% needed."),
    "exam.not_taken": N_("Not taken yet; %(minimum)s %% needed."),
    "exam.awaiting_release": N_("Handed in; the result has not been released yet."),
    "exam.no_attempts_left": N_("All attempts are used. An officer decides on another one."),
    "practical.reached": N_("Every criterion reaches the level asked for."),
    "practical.not_submitted": N_("Not handed in yet."),
    "practical.awaiting_release": N_("Handed in; the result has not been released yet."),
    "practical.unmarked": N_("A criterion has not been marked yet."),
    "practical.referred": N_("Some criteria are below the level asked for. The work can be handed in again."),
    "level.not_held": N_("The level before this one has to be held first."),
    "hold": N_("The award is on hold. An officer can say why."),
}
