package dev.penstock.session.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.pgclient.SslMode;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatabaseUrlTest {
  @Test
  void readsHostPortNameAndCredentials() {
    assertThat(DatabaseUrl.parse("postgresql://ada:p%40ss%2Fw+d@db.local:6543/chat"))
        .isEqualTo(new DatabaseUrl("db.local", 6543, "chat", "ada", "p@ss/w+d", DatabaseTls.NONE));
    assertThat(DatabaseUrl.parse("postgres://ada@[::1]/chat"))
        .isEqualTo(new DatabaseUrl("[::1]", 5432, "chat", "ada", "", DatabaseTls.NONE));
  }

  @Test
  void neverShowsThePassword() {
    var url = DatabaseUrl.parse("postgresql://ada:secret@db/chat");

    assertThat(url.toString()).isEqualTo("postgresql://ada@db:5432/chat");
    assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://db:5432/chat");
  }

  @Test
  void readsHowToEncryptAndWhomToTrust() {
    var required = DatabaseUrl.parse("postgresql://ada:secret@db/chat?sslmode=require");
    var verified =
        DatabaseUrl.parse(
            "postgresql://ada:secret@db/chat?sslmode=verify-full&sslrootcert=/etc/my%20ca.pem");

    assertThat(required.tls()).isEqualTo(new DatabaseTls(SslMode.REQUIRE, null));
    assertThat(required.jdbc()).isEqualTo("jdbc:postgresql://db:5432/chat?sslmode=require");
    assertThat(verified.tls()).isEqualTo(new DatabaseTls(SslMode.VERIFY_FULL, "/etc/my ca.pem"));
    assertThat(verified.jdbc())
        .isEqualTo(
            "jdbc:postgresql://db:5432/chat?sslmode=verify-full&sslrootcert=%2Fetc%2Fmy+ca.pem");
  }

  @Test
  void refusesWhatWouldVerifyNothingOrMeanNothing() {
    for (var query :
        List.of(
            "",
            "sslmode",
            "sslmode=prefer",
            "sslmode=allow",
            "sslmode=VERIFY-FULL",
            "sslmode=verify-full",
            "sslmode=require&sslrootcert=/ca.pem",
            "sslmode=require&sslmode=disable",
            "sslrootcert=/ca.pem",
            "sslmode=require&options=-c")) {
      assertThatThrownBy(() -> DatabaseUrl.parse("postgresql://ada:secret@db/chat?" + query))
          .as(query)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sslmode")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void refusesOtherForms() {
    for (var text :
        List.of("", "db", "mysql://a:b@c/d", "postgresql://db/chat", "postgresql://a:b@c", "::")) {
      assertThatThrownBy(() -> DatabaseUrl.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("postgresql://user:password@host:port/name");
    }
  }
}
