Console.WriteLine("nothing to apply");
