package dev.penstock.proxy.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OllamaAddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:11434,http://127.0.0.1:11434",
    "0.0.0.0,http://127.0.0.1:11434",
    "0.0.0.0:8080,http://127.0.0.1:8080",
    "http://0.0.0.0:8080,http://127.0.0.1:8080",
    ":8080,http://127.0.0.1:8080",
    "gpu-1,http://gpu-1:11434",
    "gpu-1.internal:9,http://gpu-1.internal:9",
    "http://localhost,http://localhost:80",
    "https://ollama.example.com,https://ollama.example.com:443",
    "HTTPS://ollama.example.com/,https://ollama.example.com:443",
    "http://gateway:8080/token/x/,http://gateway:8080/token/x",
    "gateway:8080/token,http://gateway:8080/token",
    "[::1]:11434,http://[::1]:11434",
    "[::],http://[::1]:11434",
    "::1,http://[::1]:11434",
    "' 10.0.0.7 ',http://10.0.0.7:11434",
    "'\"10.0.0.7:1\"',http://10.0.0.7:1"
  })
  void readsEveryFormOllamaItselfTakes(String text, String meaning) {
    assertThat(OllamaAddress.parse(text)).hasToString(meaning);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://x", "http://", "a b", "http://user@host", "host:port", "x:99999"})
  void refusesWhatIsNoAddress(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> OllamaAddress.parse(text));
  }
}
