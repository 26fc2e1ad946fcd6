package dev.penstock.simulator.answer;

import java.util.List;

/**
 * What simulated answers are made of: true sentences about the way this text takes, and about
 * water. Changing one changes every answer.
 */
final class Phrases {
  /** {@code %1$s} is what the user wrote, shortened; {@code %2$s} the ordinal of the answer. */
  static final List<String> OPENINGS =
      List.of(
          "You wrote “%1$s”. This is a simulated answer, the %2$s of our conversation: no model is"
              + " thinking, but every token takes the real way to you.",
          "About “%1$s”: I am a simulator, so I have no opinion, only sentences. This is my %2$s"
              + " answer here.",
          "Thank you for “%1$s”. What follows is simulated text, the %2$s answer in this"
              + " conversation, and it would read the same if you asked again.",
          "“%1$s” is a good place to start. A real model would now reason; a simulator, in its %2$s"
              + " answer, simply begins to write.",
          "I read “%1$s” with care, as far as a simulator can. Here is the %2$s answer of this"
              + " conversation, one token after the other.");

  static final List<String> ORDINALS =
      List.of("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth");

  static final List<String> SENTENCES =
      List.of(
          "A penstock is the pipe that brings water to a turbine at the rate the turbine can take.",
          "Here the water is chat traffic, and the turbine is a GPU.",
          "Each of these words left a model server as one line of JSON and reached you as one event.",
          "Reload the page while I write, and the rest of this sentence will be waiting for you.",
          "Open a second tab, and both will show the same text at the same time.",
          "If you press stop, the model hears of it within a tenth of a second.",
          "A reader who stops reading never holds a slot of the GPU.",
          "What has been said is stored before anybody is told that the answer is complete.",
          "Should the process that writes this die, another one closes or continues the answer.",
          "A place in the queue is told as it changes, because waiting is easier when it is counted.",
          "Too much at once is refused at the door, politely and with a time to come back.",
          "Water that cannot pass the gate does not vanish; it waits behind the dam.",
          "A turbine at half load is happier than one that floods.",
          "The tallest penstocks drop more than 1,800 m, and the water in them is very punctual.",
          "Close a valve too fast, and the pressure travels back up the pipe: engineers call it"
              + " water hammer.",
          "A surge tank gives that pressure somewhere to go, just as a bounded queue does.",
          "Rivers keep no promises, reservoirs do.",
          "The oldest mills turned when the rain allowed it; ours turn when a slot is free.",
          "In spring the snow melts & the reservoirs fill, often within a few weeks.",
          "Fish ladders exist because somebody asked who else uses the river.",
          "Every dam has a spillway, and the best ones are never needed.",
          "Pumped storage lifts water at night to sell it again at noon — patience, with an"
              + " efficiency of about 80 %.",
          "One cubic metre of water weighs a tonne, even at 4 °C, where it is densest.",
          "A litre that falls one metre each second gives a little less than ten watts.",
          "Nobody has ever seen the same river twice, but you may read the same answer twice.",
          "The same question brings the same words, so a lost token would be easy to notice.",
          "You may count the words; none will be missing.",
          "If this were a real model, it would now offer an example.",
          "Long answers are made like long rivers: mostly by not stopping.",
          "“Slow is smooth, and smooth is fast,” as people who work with valves like to say.",
          "The gate keeper’s whole art is to open early and close late.",
          "A stream that pauses is not a stream that has ended.",
          "Quiet water is often the deepest, although in a pipe it is merely off.",
          "The word itself is old: a *stock* that *pens* the water in.",
          "Engineers inspect the pipe from the inside once a year, on foot.",
          "What arrives in order needs no explanation.",
          "A good buffer is large enough to be useful and small enough to be noticed.",
          "Measure the flow before you widen the pipe.",
          "Most leaks are found at the joints, in plumbing as in software.",
          "It helps to read slowly; I write at a steady pace anyway.",
          "The name of the model above is real, but the one who answers is not.",
          "Naïve as it sounds: a café by the river is a fine place to debug.",
          "With `x < y && y > 0` even a simulator can make a condition look serious.",
          "This sentence is here so that the paragraph does not feel alone.");

  static final List<String> ITEM_INTRODUCTIONS =
      List.of(
          "A few things worth keeping in mind:",
          "Three points usually suffice:",
          "In short:",
          "To take with you:");

  static final List<String> ITEMS =
      List.of(
          "**One slot, one answer**: nobody gets more than the GPU has.",
          "**First come, first served**: the queue is short, and its length is known.",
          "**Nothing is lost**: close the laptop, open the phone, read on.",
          "**Stop means stop**: what was said until then is kept.",
          "**Small pieces**: each word is sent when it is there, not later.",
          "**One truth**: what you saw is what is stored.",
          "**No surprises**: an error is an event, never a silence.",
          "**Measured, not believed**: figures come with the command that made them.",
          "**Open pipes**: plain HTTP all the way, so `curl` is enough.",
          "**Room to leave**: a process that stops hands its work over.");

  static final List<String> CODE_INTRODUCTIONS =
      List.of(
          "As a little program:", "In code it looks like this:", "Or, for those who like code:");

  static final List<String> CODE =
      List.of(
          """
          ```python
          def flow(gate, water):
              while gate.open and water > 0:
                  yield min(water, gate.width)
                  water -= gate.width
          ```""",
          """
          ```java
          record Gate(int width) {
            boolean passes(int water) {
              return water > 0 && water <= width;
            }
          }
          ```""",
          """
          ```sh
          # one line, one event
          curl -sN "$URL/v1/sessions/$ID/turns" -d '{"input":"Hello"}' | grep '^data:'
          ```""",
          """
          ```json
          {"gate": "open", "level": 4.2, "tags": ["river", "<turbine>"]}
          ```""");

  static final List<String> CLOSINGS =
      List.of(
          "That is all a simulator has to say about it.",
          "Ask me something else, and I will be just as simulated.",
          "With a real model behind Penstock, this is where the insight would be.",
          "End of the simulated answer 🌊");

  static final List<String> THOUGHTS =
      List.of(
          "The user wrote “%1$s”. As a simulator I need not understand it, only answer in order.",
          "So they ask about “%1$s”. I will pick some sentences and keep them in sequence.",
          "“%1$s”… let me choose a calm tone, a few sentences, and no claims.");

  private Phrases() {}
}
