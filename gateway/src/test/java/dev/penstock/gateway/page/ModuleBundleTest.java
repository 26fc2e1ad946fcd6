package dev.penstock.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ModuleBundleTest {
  private static String join(Map<String, String> sources) {
    return ModuleBundle.of(
        "page.js", file -> Objects.requireNonNull(sources.get(file), "no module " + file));
  }

  @Test
  void putsEveryModuleOnceAndBeforeItsReaders() {
    var joined =
        join(
            Map.of(
                "page.js",
                "import { a } from './a.js';\nimport { b } from './b.js';\nconsole.log(a, b);\n",
                "a.js",
                "import { b } from './b.js';\nexport const a = `costs $1 and ${b}`;\n",
                "b.js",
                "export class b {}\nexport async function* c() {}\n"));

    assertThat(joined)
        .isEqualTo(
            """
            export const modules = {};
            modules['b.js'] = (() => {
            class b {}
            async function* c() {}
            return { b, c };
            })();
            modules['a.js'] = (() => {
            const { b } = modules['b.js'];
            const a = `costs $1 and ${b}`;
            return { a };
            })();
            modules['page.js'] = (() => {
            const { a } = modules['a.js'];
            const { b } = modules['b.js'];
            console.log(a, b);
            return {  };
            })();
            """);
  }

  @Test
  void leavesLibrariesWhereTheyAre() {
    var joined =
        join(
            Map.of(
                "page.js",
                "import { html } from '../lib/lit.js';\nimport '../lib/effect.js';\nimport { a } from './a.js';\n",
                "a.js",
                "import { html, render } from '../lib/lit.js';\nexport const a = 1;\n"));

    assertThat(joined)
        .startsWith(
            """
            import * as library0 from '../lib/lit.js';
            import * as library1 from '../lib/effect.js';
            """)
        .contains("const { html, render } = library0;");
  }

  @Test
  void refusesACircle() {
    var circle =
        Map.of(
            "page.js", "import { a } from './a.js';\n", "a.js", "import { b } from './page.js';\n");

    assertThatThrownBy(() -> join(circle))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("[page.js, a.js] and page.js");
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    assertThatThrownBy(() -> join(Map.of("page.js", "export default 1;\n")))
        .hasMessageContaining("page.js cannot be joined: export default 1;");
    assertThatThrownBy(() -> join(Map.of("page.js", "import x from './x.js';\n")))
        .hasMessageContaining("import x from './x.js';");
  }
}
