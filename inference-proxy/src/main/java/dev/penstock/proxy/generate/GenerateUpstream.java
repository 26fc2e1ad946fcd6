package dev.penstock.proxy.generate;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.proxy.exchange.ServerAddress;
import dev.penstock.proxy.exchange.ServerConnection;
import dev.penstock.proxy.exchange.StreamedGeneration;
import dev.penstock.proxy.generation.Generation;
import dev.penstock.proxy.generation.GenerationListener;
import dev.penstock.proxy.generation.Prompt;
import dev.penstock.proxy.generation.Upstream;
import java.util.Optional;

/**
 * Generates through a plain vLLM's {@code POST /generate}. Nothing comes before the whole answer is
 * there, so the time to the first token is the time to the last.
 */
public final class GenerateUpstream implements Upstream {
  /** The route where the configuration gives none. */
  public static final String USUAL_PATH = "/generate";

  private final String name;
  private final ServerConnection server;
  private final ServerAddress address;

  /**
   * The server whose route is that address.
   *
   * @param server of the event loop that uses this upstream
   */
  public GenerateUpstream(String name, ServerConnection server, ServerAddress address) {
    this.name = name;
    this.server = server;
    this.address = address;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<Failure> refusal(AnswerForm form) {
    if (!form.offeredTools().isEmpty()) {
      return cannot("This model cannot call tools; send none or choose another model.");
    }
    return form.format() instanceof ResponseFormat.Text
        ? Optional.empty()
        : cannot("This model cannot be held to a format; ask for text or choose another model.");
  }

  @Override
  public Generation start(Prompt prompt, GenerationListener listener) {
    var text = GemmaPrompt.render(prompt.messages(), prompt.continuesAnswer());
    var generation =
        new StreamedGeneration(
            name, listener, told -> new GenerateDecoder(told, text), GenerateErrors::ofStatus);
    generation.send(server, address.post(""), GenerateRequest.generate(text, prompt));
    return generation;
  }

  private static Optional<Failure> cannot(String detail) {
    return Optional.of(Failure.of(FailureCode.INVALID_REQUEST, detail));
  }
}
