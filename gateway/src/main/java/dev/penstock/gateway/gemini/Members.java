package dev.penstock.gateway.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.turn.StorableText;
import dev.penstock.gateway.request.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Typed reading of one object's members as proto JSON has them (gemini-api.md section 3.1): each in
 * camelCase or snake_case, null counts as absent, whole numbers may be floats or strings, unknown
 * members are ignored. A member of another type or out of range throws {@link GeminiException} that
 * names it.
 *
 * @param path where the object stands, empty for the body itself
 */
record Members(JsonNode object, String path) {
  private static final Pattern CAPITAL = Pattern.compile("[A-Z]");
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,18}");

  /** The members of a node that must be an object. */
  static Members of(JsonNode node, String path) {
    if (!node.isObject()) {
      throw invalid(path.isEmpty() ? "body" : path, "an object");
    }
    return new Members(node, path);
  }

  /** The member by its camelCase name or the snake_case one; null where it is absent or null. */
  @Nullable JsonNode find(String name) {
    var member = object.get(name);
    if (member == null || member.isNull()) {
      member = object.get(CAPITAL.matcher(name).replaceAll(Members::snake));
    }
    return member == null || member.isNull() ? null : member;
  }

  @Nullable Members object(String name) {
    var member = find(name);
    return member == null ? null : of(member, at(name));
  }

  /** The objects of an array, which may be left out and of which a single one may go without it. */
  List<Members> objects(String name) {
    var member = find(name);
    if (member == null) {
      return List.of();
    }
    if (!member.isArray()) {
      return List.of(of(member, at(name)));
    }
    var members = new ArrayList<Members>(member.size());
    for (var i = 0; i < member.size(); i++) {
      members.add(of(member.get(i), at(name) + "[" + i + "]"));
    }
    return members;
  }

  /** Text with what cannot be stored replaced. */
  @Nullable String text(String name) {
    var member = find(name);
    if (member == null) {
      return null;
    }
    if (!member.isTextual()) {
      throw invalid(at(name), "a string");
    }
    return StorableText.of(member.textValue());
  }

  /** A name that must be there. */
  String name(String name) {
    var text = text(name);
    if (text == null || text.isBlank()) {
      throw invalid(at(name), "a string that is not blank");
    }
    return text;
  }

  /** An enum's name in capitals; empty where it is absent or unspecified. */
  String word(String name) {
    var text = text(name);
    return text == null || text.endsWith("_UNSPECIFIED") ? "" : text.toUpperCase(Locale.ROOT);
  }

  boolean flag(String name) {
    var member = find(name);
    if (member == null) {
      return false;
    }
    if (!member.isBoolean()) {
      throw invalid(at(name), "true or false");
    }
    return member.booleanValue();
  }

  @Nullable Double number(String name, double least, double most) {
    var member = find(name);
    if (member == null) {
      return null;
    }
    if (!member.isNumber() || !(member.doubleValue() >= least && member.doubleValue() <= most)) {
      throw invalid(at(name), "a number from " + shortest(least) + " to " + shortest(most));
    }
    return member.doubleValue();
  }

  @Nullable Integer integer(String name, int least, int most) {
    var value = whole(name);
    if (value == null) {
      return null;
    }
    if (value < least || value > most) {
      throw invalid(
          at(name),
          most == Integer.MAX_VALUE
              ? "a whole number of at least " + least
              : "a whole number from " + least + " to " + most);
    }
    return value.intValue();
  }

  @Nullable Long whole(String name) {
    var member = find(name);
    if (member == null) {
      return null;
    }
    var value =
        member.isTextual() && WHOLE.matcher(member.textValue()).matches()
            ? Long.valueOf(member.textValue())
            : Numbers.whole(member);
    if (value == null) {
      throw invalid(at(name), "a whole number");
    }
    return value;
  }

  /** The path of a member. */
  String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  static GeminiException invalid(String field, String expected) {
    return new GeminiException(GeminiError.invalid(field, expected));
  }

  private static String snake(java.util.regex.MatchResult capital) {
    return "_" + capital.group().toLowerCase(Locale.ROOT);
  }

  private static String shortest(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
