package dev.penstock.local.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private static final Set<String> SHARED = Set.of("contracts", "kit");

  private static JavaClasses product;

  @BeforeAll
  static void importTheProduct() {
    product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.penstock");
  }

  static final Iterable<ArchRule> RULES = Arrows.ALL;

  @ParameterizedTest
  @FieldSource("RULES")
  void holds(ArchRule rule) {
    rule.check(product);
  }

  static Stream<Arguments> fixtures() {
    return Stream.of(
        Arguments.of(Arrows.SERVICES_MEET_OVER_HTTP_ONLY, "dev.penstock.gateway.brokenrules"),
        Arguments.of(Arrows.CONTRACTS_DO_NO_IO, "dev.penstock.contracts.brokenrules"),
        Arguments.of(Arrows.CONTRACTS_KNOW_NOBODY, "dev.penstock.contracts.brokenrules"),
        Arguments.of(Arrows.THE_KIT_KNOWS_NO_CHAT_WORD, "dev.penstock.kit.brokenrules"),
        Arguments.of(Arrows.DIALECTS_ARE_SIBLINGS, "dev.penstock.gateway.openai.brokenrules"),
        Arguments.of(Arrows.UPSTREAMS_ARE_LEAVES, "dev.penstock.proxy.admission.brokenrules"));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void isBrokenByItsFixture(ArchRule rule, String fixture) {
    var broken =
        new ClassFileImporter()
            .importPackages(
                fixture,
                "dev.penstock.session.schema",
                "dev.penstock.gateway.nativeapi",
                "dev.penstock.proxy.ollama",
                "dev.penstock.contracts.turn");

    assertThat(rule.evaluate(broken).hasViolation()).isTrue();
  }

  @Test
  void everyPublicTypeOfTheSharedLibrariesIsUsedByTwoModules() {
    var users = new TreeMap<String, Set<String>>();
    product.stream()
        .filter(type -> SHARED.contains(Arrows.moduleOf(type)))
        .filter(ArchitectureTest::isPublicTopLevel)
        // The turn's rules stay in one package, whoever applies them.
        .filter(type -> !type.getPackageName().equals("dev.penstock.contracts.turn"))
        .forEach(
            type ->
                users.computeIfAbsent(codecName(type), _ -> new TreeSet<>()).addAll(users(type)));

    assertThat(users)
        .allSatisfy((type, modules) -> assertThat(modules).as(type).hasSizeGreaterThan(1));
  }

  private static boolean isPublicTopLevel(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.isTopLevelClass()
        && !type.getSimpleName().equals("package-info");
  }

  /** An encoder and its decoder are the two ends of one thing. */
  private static String codecName(JavaClass type) {
    return type.getName().replaceAll("(Encoder|Decoder)$", "Codec");
  }

  /** Modules whose classes know the type or one nested in it; its own library counts as one. */
  private static Set<String> users(JavaClass type) {
    return product.stream()
        .filter(
            nested ->
                nested.getName().equals(type.getName())
                    || nested.getName().startsWith(type.getName() + "$"))
        .flatMap(nested -> nested.getDirectDependenciesToSelf().stream())
        .map(dependency -> dependency.getOriginClass())
        .filter(origin -> !origin.getName().startsWith(type.getName()))
        .map(Arrows::moduleOf)
        .collect(Collectors.toSet());
  }
}
