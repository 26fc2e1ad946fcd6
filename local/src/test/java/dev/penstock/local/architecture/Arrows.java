package dev.penstock.local.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Who may know whom: design section 2, as rules that a build can break. */
final class Arrows {
  static final ArchRule SERVICES_MEET_OVER_HTTP_ONLY =
      slices()
          .matching("dev.penstock.(gateway|session|proxy)..")
          .should()
          .notDependOnEachOther()
          .allowEmptyShould(true)
          .as("services know contracts and service-kit and never each other's code");

  static final ArchRule CONTRACTS_DO_NO_IO =
      noClasses()
          .that()
          .resideInAPackage("dev.penstock.contracts..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.vertx..")
                  .and(DescribedPredicate.not(resideInAPackage("io.vertx.core.buffer..")))
                  .or(resideInAnyPackage("java.net..", "java.nio.channels..", "java.sql..")))
          .as("contracts do no I/O and know no Vert.x type but Buffer");

  static final ArchRule CONTRACTS_KNOW_NOBODY =
      noClasses()
          .that()
          .resideInAPackage("dev.penstock.contracts..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.penstock..")
                  .and(DescribedPredicate.not(resideInAPackage("dev.penstock.contracts.."))))
          .as("contracts know no other module");

  static final ArchRule THE_KIT_KNOWS_NO_CHAT_WORD =
      noClasses()
          .that()
          .resideInAPackage("dev.penstock.kit..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.penstock..")
                  .and(DescribedPredicate.not(resideInAPackage("dev.penstock.kit.."))))
          .as("service-kit does not know contracts or any service");

  static final ArchRule DIALECTS_ARE_SIBLINGS =
      slices()
          .matching("dev.penstock.gateway.(openai|gemini|ollama|adk|nativeapi|page)..")
          .should()
          .notDependOnEachOther()
          .allowEmptyShould(true)
          .as("public dialects do not know each other");

  static final ArchRule UPSTREAMS_ARE_LEAVES =
      noClasses()
          .that(
              resideInAPackage("dev.penstock.proxy..")
                  .and(
                      DescribedPredicate.not(
                          resideInAnyPackage(
                              "dev.penstock.proxy",
                              "dev.penstock.proxy.ollama..",
                              "dev.penstock.proxy.openai..",
                              "dev.penstock.proxy.gemini..",
                              "dev.penstock.proxy.generate.."))))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "dev.penstock.proxy.ollama..",
                  "dev.penstock.proxy.openai..",
                  "dev.penstock.proxy.gemini..",
                  "dev.penstock.proxy.generate.."))
          .as("only the proxy's composition root knows which upstreams there are");

  static final ArchRule UPSTREAMS_ARE_SIBLINGS =
      slices()
          .matching("dev.penstock.proxy.(ollama|openai|gemini|generate)..")
          .should()
          .notDependOnEachOther()
          .allowEmptyShould(true)
          .as("clients of model servers do not know each other");

  static final List<ArchRule> ALL =
      List.of(
          SERVICES_MEET_OVER_HTTP_ONLY,
          CONTRACTS_DO_NO_IO,
          CONTRACTS_KNOW_NOBODY,
          THE_KIT_KNOWS_NO_CHAT_WORD,
          DIALECTS_ARE_SIBLINGS,
          UPSTREAMS_ARE_LEAVES,
          UPSTREAMS_ARE_SIBLINGS);

  private Arrows() {}

  /** The module a class belongs to: the word behind {@code dev.penstock}. */
  static String moduleOf(JavaClass type) {
    var rest = type.getPackageName().substring("dev.penstock.".length());
    var dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }
}
