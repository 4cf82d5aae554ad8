// The phrases that prose.cc puts together. A word in braces is replaced:
//
//   {plain} what they live with    {symptom} one of its symptoms
//   {drug} its medicine            {therapist} {coach} {person} {friend} names
//   {sleep} hours of the last night   {work} "work", or "school" for minors
//   {town} where they live         {mail} {phone} ways to reach them
#ifndef SUBROSA_TOOLS_SAMPLE_PHRASES_H_
#define SUBROSA_TOOLS_SAMPLE_PHRASES_H_

namespace subrosa::sample {

// By how the writer feels.
inline constexpr const char* kLowOpenings[] = {
    "Everything was heavy today.",
    "I cancelled on {friend} again and hated myself a little.",
    "Another day in which I mostly waited for the evening.",
    "Woke up with {symptom} and it stayed until dark.",
    "I cried in the parking lot before going in.",
    "Could not say out loud how bad it is, so I write it here.",
    "The {plain} has its own plans for me this week.",
    "I got as far as the shower. That is the whole list.",
    "Nobody at {work} noticed, and I am not sure that is good.",
    "I do not want to be a burden, so I said that I was fine.",
};
inline constexpr const char* kEvenOpenings[] = {
    "A day like most days.",
    "Not good, not bad: somewhere in the middle.",
    "Long day at {work}, then a short walk through {town}.",
    "I kept to the plan that {coach} and I made.",
    "Had coffee with {friend} and talked about nothing much.",
    "Some {symptom} around noon, but I got through it.",
    "Quiet evening; {person} cooked.",
    "I tried to notice three things, as the app says.",
    "Errands, dishes, a bit of rain against the window.",
    "The morning was slow and the afternoon was all right.",
};
inline constexpr const char* kGoodOpenings[] = {
    "Today I laughed until my face hurt.",
    "I slept, I ate, I answered my mail. Small victories count.",
    "Walked by the water with {person} and felt light.",
    "First week in a long time without {symptom}.",
    "I told {friend} the truth and the sky did not fall.",
    "Something has shifted; mornings are easier.",
    "Said yes to dinner and did not regret it.",
    "I am proud of this week, and I write it down so that I believe it.",
    "The {plain} is still there, only smaller.",
    "Played the piano again after months.",
};

// Anyone, any day; these carry most of the health data.
inline constexpr const char* kMiddles[] = {
    "Slept about {sleep} hours.",
    "The watch says {sleep} hours of sleep; my body says fewer.",
    "Took {drug} as usual.",
    "I forgot {drug} yesterday and noticed by the evening.",
    "Dr. {therapist} says that it takes a few weeks.",
    "In the session Dr. {therapist} asked what I would tell a friend.",
    "We talked about {plain} and where it began.",
    "{symptom} on the bus, but I stayed on.",
    "I counted my breath, in for four and out for six.",
    "{person} asked how therapy is going and I did not know what to say.",
    "I wrote down the thought, then I wrote down what speaks against it.",
    "My mother had the same thing and never said a word about it.",
    "I read that {plain} is more common than one thinks.",
    "Too much coffee, too little water.",
    "I walked 20 minutes instead of lying down.",
    "{friend} sent a picture of her dog and that helped more than advice.",
    "At {work} I left the room once and came back.",
    "I left my phone in the kitchen overnight.",
    "The scale of one to ten still feels silly, but today it is a five.",
    "I was short with {person} and said sorry later.",
    "The pharmacy was out of {drug}, so I drove to the one across {town}.",
    "It helps to know that the feeling has an end.",
    "Did the body scan and fell asleep in the middle of it.",
    "Skipped lunch; then came {symptom}.",
    "I have not had a drink since Sunday.",
    "I worry about money, and then I worry about worrying.",
    "We planted tomatoes on the balcony.",
    "The dentist called about the bill.",
    "The neighbour's radio knows only one song.",
    "{coach} suggested to do the hard thing before ten.",
};
inline constexpr const char* kSchoolMiddles[] = {
    "We had a math test and I knew more than I expected.",
    "I ate lunch in the library again.",
    "My counselor knows about Dr. {therapist}; my class does not.",
    "Mom asked if I took {drug} and I rolled my eyes, but I had.",
    "Everyone was posting about the party that I was not at.",
    "I slept about {sleep} hours because of the history essay.",
    "{friend} sat next to me on the bus without asking.",
    "{symptom} before gym; I told the nurse.",
    "I practiced saying one sentence in class, and said it.",
    "Dad and I talked in the car, where it is easier.",
    "I turned off the group chat at nine.",
    "I drew for an hour and forgot to be sad.",
    "Took {drug} before first period.",
    "I looked up {plain} on the school computer and closed the tab fast.",
    "Coach let me sit out when {symptom} started.",
    "I counted my breath, in for four and out for six.",
    "My sister knocked before coming in, for once.",
    "The essay is half done, which is more than yesterday.",
};
inline constexpr const char* kLowClosings[] = {
    "I will tell Dr. {therapist} on our next day.",
    "Tomorrow is another try.",
    "I do not know how long I can keep this up.",
    "Lights out, nothing decided.",
    "At least I wrote this.",
};
inline constexpr const char* kEvenClosings[] = {
    "Enough for today.",
    "Early to bed.",
    "Tomorrow: laundry, and a call to {friend}.",
    "It is what it is, and it is all right.",
    "That is all.",
};
inline constexpr const char* kGoodClosings[] = {
    "I want to remember this one.",
    "Grateful, and I mean it.",
    "Maybe it is {drug}, maybe it is spring.",
    "Looking forward to Saturday with {person}.",
    "More days like this, please.",
};

inline constexpr const char* kLowNotes[] = {
    "Could not get going.",     "{symptom} since this morning.",
    "Fought with {person}.",    "Slept {sleep} hours, feels like two.",
    "Did not go in to {work}.", "Please let this week be over.",
};
inline constexpr const char* kEvenNotes[] = {
    "Okay so far.",         "Busy at {work}.", "Some {plain}, nothing wild.",
    "Slept {sleep} hours.", "Walked home.",    "Took {drug} late.",
};
inline constexpr const char* kGoodNotes[] = {
    "Good talk with {friend}.", "No {symptom} today!",
    "Ran three miles 🎉",        "Slept {sleep} hours straight.",
    "Sun on the balcony.",      "Made {person} laugh.",
};

// Between a consumer and a coach.
inline constexpr const char* kAsks[] = {
    "Hi {coach}, this week was mostly about {plain}.",
    "I did the breathing twice, but then {symptom} came back.",
    "Is it normal that {drug} makes me tired?",
    "Could we move our call? You can reach me at {phone}.",
    "I slept {sleep} hours on average, says the watch.",
    "The worksheet is done, I sent it from {mail}.",
    "I talked with {person} as you suggested. It went better than I feared.",
    "No progress. I did not even open the app until today.",
    "I got through the meeting at {work} without leaving the room!",
    "Honestly I would rather talk about {plain} with Dr. {therapist}.",
    "What do I do when it starts in the middle of the night?",
    "Thank you, that helped. 🙏",
};
inline constexpr const char* kAnswers[] = {
    "Thanks for telling me, that takes courage.",
    "For questions on {drug}, please ask your prescriber; I will note it.",
    "Let us try one small step: five minutes outside before {work}.",
    "When {symptom} comes, name it, breathe out longer than in, and wait.",
    "How would it be to put the phone in another room at ten?",
    "You wrote that {sleep} hours is usual; what would one more change?",
    "If you are ever in danger, call 988 or your local emergency number.",
    "I moved our call to Thursday and will ring {phone}.",
    "A step back is part of it. What did you learn from this one?",
    "Well done! Please tell Dr. {therapist} about it too.",
    "I put two short articles on {plain} into your list.",
    "Shall we look at your week together?",
};

// A therapist's note.
inline constexpr const char* kNotes[] = {
    "Client reports {symptom} on several days since the last session.",
    "Sleep about {sleep} hours a night by own account.",
    "Reviewed the thought record; client believes the other view more.",
    "Takes {drug} as prescribed; no side effects reported.",
    "Missed two doses of {drug}; discussed a pill box.",
    "Explored how {plain} affects the relationship with {person}.",
    "Practiced grounding in session; distress fell from 7 to 4.",
    "Denies thoughts of self-harm. Safety plan unchanged.",
    "Passive thoughts of not waking up; no plan. Safety plan updated.",
    "Homework: one pleasant activity a day, with mood before and after.",
    "Affect brighter than last time; engages readily.",
    "Affect flat; long pauses.",
    "Worked on a graded list of avoided situations at {work}.",
    "Client considers telling {friend} about therapy.",
    "Family history of {plain} on the mother's side.",
    "Psychoeducation on {plain}; handed out the one-page summary.",
    "Next: continue exposure, review questionnaires.",
    "Coordinated with the prescriber, with the client's consent.",
    "Client asks to move to fortnightly sessions.",
};

inline constexpr const char* kAdultNotes[] = {
    "Discussed alcohol use; client cut down to weekends.",
    "Client worries about debt and about telling {person}.",
    "Intimacy came up; client wishes to return to it next time.",
};

inline constexpr const char* kLowTitles[] = {"Bad night", "Again",
                                             "What I did not say", "Grey"};
inline constexpr const char* kEvenTitles[] = {"Wednesday or so", "Notes",
                                              "After work", "In between"};
inline constexpr const char* kGoodTitles[] = {"A good one", "Light",
                                              "Small wins", "Keep this"};
inline constexpr const char* kPrompts[] = {
    "",
    "",
    "",
    "What is taking up room in your head?",
    "Name three things that went well.",
    "What would you tell a friend who felt like this?",
    "Where in your body do you notice today?",
};

inline constexpr const char* kLowFeelings[] = {
    "sad", "anxious", "numb", "ashamed", "lonely", "exhausted", "hopeless"};
inline constexpr const char* kEvenFeelings[] = {
    "tired", "calm", "restless", "bored", "busy", "worried", "steady"};
inline constexpr const char* kGoodFeelings[] = {
    "hopeful", "grateful", "relaxed", "proud", "rested", "loved", "cheerful"};

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_PHRASES_H_
