package dev.penstock.session.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DatabaseUrlTest {
  @Test
  void readsHostPortNameAndCredentials() {
    assertThat(DatabaseUrl.parse("postgresql://ada:p%40ss%2Fw+d@db.local:6543/chat"))
        .isEqualTo(new DatabaseUrl("db.local", 6543, "chat", "ada", "p@ss/w+d"));
    assertThat(DatabaseUrl.parse("postgres://ada@[::1]/chat"))
        .isEqualTo(new DatabaseUrl("[::1]", 5432, "chat", "ada", ""));
  }

  @Test
  void neverShowsThePassword() {
    var url = DatabaseUrl.parse("postgresql://ada:secret@db/chat");

    assertThat(url.toString()).isEqualTo("postgresql://ada@db:5432/chat");
    assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://db:5432/chat");
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
