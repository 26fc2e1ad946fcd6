package dev.penstock.kit.jwt;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a token says that was believed.
 *
 * @param subject never blank
 * @param end when it expires, as the issuer says
 */
public record JwtClaims(String subject, Instant end, JWTClaimsSet all) {

  /** Neither names nor values of claims: they may be about a person. */
  @Override
  public String toString() {
    return "claims until " + end;
  }

  /** The claim as text; empty where it is missing or something else. */
  public Optional<String> text(String claim) {
    return Optional.ofNullable(all.getClaim(claim))
        .filter(String.class::isInstance)
        .map(String.class::cast);
  }

  /** The claim as words: those of a text, separated by blanks, or the texts of a list. */
  public List<String> words(String claim) {
    return switch (all.getClaim(claim)) {
      case String text -> text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
      case List<?> list ->
          list.stream().filter(String.class::isInstance).map(String.class::cast).toList();
      case null, default -> List.of();
    };
  }

  /** Whether the claim is {@code true}. */
  public boolean isTrue(String claim) {
    return Objects.equals(all.getClaim(claim), true);
  }
}
