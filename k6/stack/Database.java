import dev.penstock.local.database.DataFolder;
import dev.penstock.local.database.LocalDatabase;
import dev.penstock.session.schema.SchemaMigration;

/** The database of ./penstock by itself, for services that run apart; it ends with its input. */
void main(String[] arguments) throws Exception {
  try (var folder = DataFolder.take(Path.of(arguments[0]), "k6/run");
      var database = LocalDatabase.start(folder)) {
    SchemaMigration.run(database.url());
    IO.println("DATABASE_URL=" + database.url());
    while (System.in.read() >= 0) {
      // until whoever started it has gone
    }
  }
}
