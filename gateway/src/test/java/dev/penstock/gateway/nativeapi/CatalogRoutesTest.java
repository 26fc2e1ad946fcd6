package dev.penstock.gateway.nativeapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.Client;
import dev.penstock.gateway.GatewayFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Models and agents, over HTTP. */
class CatalogRoutesTest {
  private static GatewayFixture gateway;
  private static Client client;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture();
    client = gateway.client();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void listsModelsInOpenAisShapeWithWhatIsOurOwn() {
    var list = client.get("/v1/models?limit=5&whatever=1").json();

    assertThat(list.get("object").asText()).isEqualTo("list");
    assertThat(list.at("/data/0/id").asText()).isEqualTo("gemma3:270m");
    assertThat(list.at("/data/0/owned_by").asText()).isEqualTo("library");
    assertThat(list.at("/data/0/penstock").toString())
        .isEqualTo(
            "{\"kind\":\"self-hosted\",\"state\":\"ready\",\"default\":true,"
                + "\"context_length\":32768,\"max_output_tokens\":8192,\"continues\":null}");
  }

  @Test
  void findsAModelByItsIdRawOrEncoded() {
    assertThat(client.get("/v1/models/gemma3:270m").json().get("id").asText())
        .isEqualTo("gemma3:270m");
    assertThat(client.get("/v1/models/gemma3%3A270m").status()).isEqualTo(200);
    assertThat(client.get("/v1/models/library/gemma4:e2b").status()).isEqualTo(200);
    assertThat(client.get("/v1/models/library%2Fgemma4%3Ae2b").status()).isEqualTo(200);
  }

  @Test
  void saysInBothFormsThatAModelIsNotServed() {
    var missing = client.get("/v1/models/gemma-nope");

    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.code()).isEqualTo("model_not_found");
    assertThat(missing.json().at("/error/code").asText()).isEqualTo("model_not_found");
    assertThat(missing.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
  }

  @Test
  void listsAgentsWithoutTheirInstruction() {
    var agents = client.get("/v1/agents");

    assertThat(agents.json().at("/data/0/name").asText()).isEqualTo("production_agent");
    assertThat(agents.json().at("/data/0/description").asText()).contains("zoo");
    assertThat(agents.body()).doesNotContain("instruction", "You are Gem");
  }
}
