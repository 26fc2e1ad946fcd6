package dev.penstock.gojson;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Finds the first syntax error of a JSON text and words it as Go's {@code encoding/json} scanner
 * does, for example {@code invalid character 'b' looking for beginning of object key string}.
 */
final class GoSyntax {
  private final String text;
  private final Deque<Character> open = new ArrayDeque<>();
  private int at;

  private GoSyntax(String text) {
    this.text = text;
  }

  /** The error's text; empty if the text is one JSON value. */
  static Optional<String> firstError(String text) {
    try {
      new GoSyntax(text).value();
      return Optional.empty();
    } catch (SyntaxError e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private void value() {
    do {
      beginValue();
      while (!open.isEmpty() && closesAfterValue()) {
        open.pop();
      }
    } while (!open.isEmpty());
  }

  /** Reads up to the end of a scalar or of an empty container, or to a container's first value. */
  private void beginValue() {
    while (true) {
      var c = next();
      switch (c) {
        case '{' -> {
          if (peek() == '}') {
            at++;
            return;
          }
          open.push('{');
          key();
        }
        case '[' -> {
          if (peek() == ']') {
            at++;
            return;
          }
          open.push('[');
        }
        case '"' -> {
          string();
          return;
        }
        case 't' -> {
          literal("true");
          return;
        }
        case 'f' -> {
          literal("false");
          return;
        }
        case 'n' -> {
          literal("null");
          return;
        }
        default -> {
          number(c);
          return;
        }
      }
    }
  }

  private boolean closesAfterValue() {
    var c = next();
    if (open.element() == '{') {
      if (c == '}') {
        return true;
      }
      if (c != ',') {
        throw unexpected(c, "after object key:value pair");
      }
      key();
      return false;
    }
    if (c == ']') {
      return true;
    }
    if (c != ',') {
      throw unexpected(c, "after array element");
    }
    return false;
  }

  private void key() {
    var c = next();
    if (c != '"') {
      throw unexpected(c, "looking for beginning of object key string");
    }
    string();
    c = next();
    if (c != ':') {
      throw unexpected(c, "after object key");
    }
  }

  private void string() {
    while (true) {
      var c = read();
      if (c == '"') {
        return;
      }
      if (c < ' ') {
        throw unexpected(c, "in string literal");
      }
      if (c == '\\') {
        escape();
      }
    }
  }

  private void escape() {
    var c = read();
    if (c == 'u') {
      for (var i = 0; i < 4; i++) {
        c = read();
        if (Character.digit(c, 16) < 0) {
          throw unexpected(c, "in \\u hexadecimal character escape");
        }
      }
    } else if ("bfnrt\\/\"".indexOf(c) < 0) {
      throw unexpected(c, "in string escape code");
    }
  }

  private void literal(String name) {
    for (var i = 1; i < name.length(); i++) {
      var c = read();
      if (c != name.charAt(i)) {
        throw unexpected(c, "in literal " + name + " (expecting " + quoted(name.charAt(i)) + ")");
      }
    }
  }

  private void number(char first) {
    var c = first;
    if (c == '-') {
      c = read();
      if (!isDigit(c)) {
        throw unexpected(c, "in numeric literal");
      }
    } else if (!isDigit(c)) {
      throw unexpected(c, "looking for beginning of value");
    }
    if (c != '0') {
      digits();
    }
    if (has('.')) {
      mustDigit("after decimal point in numeric literal");
      digits();
    }
    if (has('e') || has('E')) {
      if (!has('+')) {
        has('-');
      }
      mustDigit("in exponent of numeric literal");
      digits();
    }
  }

  private void mustDigit(String where) {
    var c = read();
    if (!isDigit(c)) {
      throw unexpected(c, where);
    }
  }

  private void digits() {
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
  }

  private boolean has(char expected) {
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private char next() {
    peek();
    return read();
  }

  private char peek() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private char read() {
    if (at == text.length()) {
      throw new SyntaxError("unexpected EOF");
    }
    return text.charAt(at++);
  }

  private static SyntaxError unexpected(char c, String where) {
    return new SyntaxError("invalid character " + quoted(c) + " " + where);
  }

  private static String quoted(char c) {
    return switch (c) {
      case '\'' -> "'\\''";
      case '"' -> "'\"'";
      case '\n' -> "'\\n'";
      case '\r' -> "'\\r'";
      case '\t' -> "'\\t'";
      case '\\' -> "'\\\\'";
      default -> c < ' ' ? "'\\x%02x'".formatted((int) c) : "'" + c + "'";
    };
  }

  private static final class SyntaxError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SyntaxError(String text) {
      super(text, null, false, false);
    }
  }
}
