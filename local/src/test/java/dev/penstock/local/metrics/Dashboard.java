package dev.penstock.local.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The panels as Grafana reads a dashboard. */
final class Dashboard {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final int SCHEMA = 39;
  private static final int COLUMNS = 24;
  private static final int WIDTH = 8;
  private static final int HEIGHT = 8;

  private int id;
  private int top;

  private Dashboard() {}

  static String json() {
    try {
      return JSON.writeValueAsString(new Dashboard().whole()) + "\n";
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private ObjectNode whole() {
    var root = JSON.createObjectNode();
    root.put("uid", "penstock").put("title", "Penstock").put("editable", true);
    root.put("schemaVersion", SCHEMA).put("refresh", "10s");
    root.putArray("tags").add("penstock");
    root.putObject("time").put("from", "now-30m").put("to", "now");
    var source = root.putObject("templating").putArray("list").addObject();
    source.put("name", "datasource").put("type", "datasource").put("query", "prometheus");
    var panels = root.putArray("panels");
    Panels.rows().forEach((title, row) -> row(panels, title, row));
    return root;
  }

  private void row(ArrayNode panels, String title, List<Panel> row) {
    var head = panels.addObject();
    head.put("id", ++id).put("type", "row").put("title", title).put("collapsed", false);
    place(head, 0, COLUMNS, 1);
    top++;
    var at = 0;
    for (var panel : row) {
      if (at + WIDTH > COLUMNS) {
        at = 0;
        top += HEIGHT;
      }
      graph(panels.addObject(), panel, at);
      at += WIDTH;
    }
    top += HEIGHT;
  }

  private void graph(ObjectNode node, Panel panel, int left) {
    node.put("id", ++id).put("type", "timeseries").put("title", panel.title());
    node.put("description", panel.meaning());
    place(node, left, WIDTH, HEIGHT);
    source(node);
    var defaults = node.putObject("fieldConfig").putObject("defaults");
    defaults.put("unit", panel.unit()).put("min", 0);
    if (panel.objective() != null) {
      objective(defaults, panel.objective());
    }
    node.putObject("options").putObject("legend").put("displayMode", "list");
    var targets = node.putArray("targets");
    for (var line : panel.lines()) {
      var target = targets.addObject();
      target.put("refId", String.valueOf((char) ('A' + targets.size() - 1)));
      target.put("expr", line.query()).put("legendFormat", line.legend());
      source(target);
    }
  }

  private static void objective(ObjectNode defaults, double bound) {
    defaults.putObject("custom").putObject("thresholdsStyle").put("mode", "line");
    var thresholds = defaults.putObject("thresholds").put("mode", "absolute");
    var steps = thresholds.putArray("steps");
    steps.addObject().put("color", "green").putNull("value");
    steps.addObject().put("color", "red").put("value", bound);
  }

  private void place(ObjectNode node, int left, int width, int height) {
    node.putObject("gridPos").put("x", left).put("y", top).put("w", width).put("h", height);
  }

  private static void source(ObjectNode node) {
    node.putObject("datasource").put("type", "prometheus").put("uid", "${datasource}");
  }
}
